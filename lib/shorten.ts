/** Cuts a long text by characters and says so; the artefact holds the whole. */
export function shorten(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  return `${characters.slice(0, most).join('')}… (cut here, ${showCount(characters.length)} characters in all)`;
}

/** `1,234` */
export function showCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
