import { printable } from '../printable';

/** Markup that is safe to put into a page: made by `markup` alone. */
export class Html {
  private constructor(readonly text: string) {}

  /** Only for text of this project's own, such as its style sheet. */
  static ofOwnText(text: string): Html {
    return new Html(text);
  }
}

export type HtmlPart = string | number | Html | undefined | readonly HtmlPart[];

/**
 * Tagged template: the literal parts are markup, every value is escaped unless it is `Html` itself.
 * Values may stand between tags and inside quoted attributes, nowhere else.
 */
export function markup(literals: TemplateStringsArray, ...values: readonly HtmlPart[]): Html {
  return Html.ofOwnText(literals.reduce((text, literal, i) => text + renderPart(values[i - 1]) + literal));
}

export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function renderPart(part: HtmlPart): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if (part instanceof Html) return part.text;
  return part.map(renderPart).join('');
}
