/** The few forms of Markdown that a plan is made of; what they hold is escaped already. */

export function section(title: string, blocks: readonly string[]): string[] {
  return [`## ${title}`, ...blocks];
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
