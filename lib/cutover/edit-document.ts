import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { findHosts, replaceAt } from './host-in-text';
import { pathOf } from './targets';
import { locateValue, type Format, type ValueRefusal } from './value-in-document';

/** A stored text that holds hosts among other things, such as the JSON of a secret. */
export interface Document {
  /** May hold secrets: never to be kept, shown or logged. */
  readonly text: string;
  readonly format: Format;
  /** Another one as soon as anyone has written. */
  readonly version: string;
}

/** One host to be replaced by another; `key` leads to the string that holds it, null to the whole text. */
export interface HostEdit {
  readonly key: string | null;
  readonly from: string;
  readonly to: string;
}

export type EditRefusal = ValueRefusal | Refusal<'unexpected-value' | 'several-hosts'>;

/** The only host of these, in lower case and as it is written, within the string that a key leads to, and the document with another one in its place. */
export function locateHost(
  { text, format }: Omit<Document, 'version'>,
  key: string | null,
  hosts: readonly string[],
): Outcome<{ host: string; asWritten: string; whole: boolean; with: (host: string) => string }, EditRefusal> {
  const located = locateValue(text, format, pathOf(key));
  if (!located.ok) return located;
  const { value } = located.value;
  const [found, ...others] = findHosts(value, hosts);
  if (found === undefined) {
    return refuse({
      reason: 'unexpected-value',
      message: `it holds none of ${hosts.join(', ')}`,
      hint: 'check that it is the right place for the host',
    });
  }
  if (others.length > 0) {
    return refuse({
      reason: 'several-hosts',
      message: `it holds ${others.length + 1} of these hosts, expected one: ${[found, ...others].map(({ host }) => host).join(', ')}`,
      hint: 'name a key that leads to one of them, or change it by hand',
    });
  }
  return accept({
    host: found.host,
    asWritten: value.slice(found.start, found.end),
    whole: found.start === 0 && found.end === value.length,
    with: (host) => located.value.with(replaceAt(value, found, host)),
  });
}

/** The document's text after all edits; the very text that it holds already where nothing is left to do. */
export function editDocument(document: Document, edits: readonly HostEdit[]): Outcome<string, EditRefusal> {
  let text = document.text;
  for (const { key, from, to } of edits) {
    const located = locateHost({ ...document, text }, key, [from, to]);
    if (!located.ok) return located;
    if (located.value.host !== to.toLowerCase()) text = located.value.with(to);
  }
  return accept(text);
}
