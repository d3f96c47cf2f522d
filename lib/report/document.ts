import type { Phrase } from './phrase';

/** What the report says, once; Markdown and HTML each decide only how it looks. */
export interface ReportDocument {
  readonly drill: string;
  /** How it ended, in a word or two. */
  readonly result: string;
  readonly tone: 'good' | 'missed' | 'failed' | 'interrupted' | 'open';
  /** One line for a person who reads nothing else. */
  readonly headline: string;
  /** The few figures that a reader takes away. */
  readonly tiles: readonly Tile[];
  readonly sections: readonly Section[];
  readonly footer: Phrase;
}

export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: Phrase;
}

export interface Section {
  /** The anchor: lower case and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: Phrase }
  /** Something that a reader must not overlook. */
  | { readonly kind: 'notice'; readonly text: Phrase; readonly tone?: 'bad' }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Phrase[])[];
      /** Short enough to stay a table on a narrow screen; otherwise each row becomes a list there. */
      readonly compact?: true;
    }
  | { readonly kind: 'code'; readonly language: 'sql' | 'sh'; readonly text: string }
  /** The timeline: a drawing in HTML, Mermaid in Markdown. */
  | { readonly kind: 'picture' }
  /** The recovery times of the drills: a drawing in HTML; in Markdown the table beside it says the same. */
  | { readonly kind: 'trend' }
  /** A long part that most readers skip. */
  | { readonly kind: 'more'; readonly summary: string; readonly blocks: readonly Block[] };

export interface Fact {
  readonly label: string;
  readonly value: Phrase;
}

export interface Column {
  readonly title: string;
  readonly align: 'start' | 'end';
}

/** Columns by title; one that begins with `#` holds numbers and is aligned to the end. */
export function columns(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) =>
    title.startsWith('#') ? { title: title.slice(1), align: 'end' } : { title, align: 'start' },
  );
}
