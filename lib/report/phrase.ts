/**
 * Text of the report before it is Markdown or HTML: literal words and what came from outside are
 * alike here, and both renderers escape both. `code` is for what came from SQL, names and files.
 */
export type Inline =
  | string
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'line-break' };

export type Phrase = readonly Inline[];

/** How something ended; shown as a shape and a word, never by colour alone. */
export type Mark =
  | 'pass'
  | 'fail'
  | 'not-applicable'
  | 'met'
  | 'missed'
  | 'passed'
  | 'failed'
  | 'interrupted'
  | 'running'
  | 'recorded'
  | 'open';

export function code(text: string): Inline {
  return { kind: 'code', text };
}

export function strong(text: string): Inline {
  return { kind: 'strong', text };
}

export function mark(value: Mark): Inline {
  return { kind: 'mark', mark: value };
}

/** Tagged template: say`restored to ${code(name)}, ${count} rows`. */
export function say(
  literals: TemplateStringsArray,
  ...values: readonly (Inline | Phrase | number)[]
): Phrase {
  return literals.flatMap((literal, i) => {
    const value = i < values.length ? values[i] : undefined;
    return [literal, ...toInlines(value)].filter((inline) => inline !== '');
  });
}

export function joined(phrases: readonly Phrase[], separator: Inline): Phrase {
  return phrases.flatMap((phrase, i) => (i === 0 ? phrase : [separator, ...phrase]));
}

/** One phrase below the other in one table cell. */
export function lines(phrases: readonly Phrase[]): Phrase {
  return joined(phrases, { kind: 'line-break' });
}

export function codes(texts: readonly string[]): Phrase {
  return joined(
    texts.map((text) => [code(text)]),
    ', ',
  );
}

function toInlines(value: Inline | Phrase | number | undefined): Phrase {
  if (value === undefined) return [];
  if (typeof value === 'number') return [String(value)];
  return isPhrase(value) ? value : [value];
}

function isPhrase(value: Inline | Phrase): value is Phrase {
  return Array.isArray(value);
}
