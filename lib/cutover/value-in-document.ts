import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { isCollection, isScalar, parseDocument, visit, type Document } from 'yaml';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

/** How a stored text is to be read: as JSON, as YAML, or as nothing but itself. */
export type Format = 'json' | 'yaml' | 'text';

/** One string within a document, which can be set without touching a byte of the rest. */
export interface LocatedValue {
  readonly value: string;
  /** The whole document with another string in its place. */
  with(value: string): string;
}

export type ValueRefusal = Refusal<'not-parsable' | 'no-such-value' | 'ambiguous-value'>;

/**
 * Finds the string that a path leads to; without a path the text itself is the value. The document
 * may hold secrets: no refusal quotes it.
 */
export function locateValue(
  text: string,
  format: Format,
  path: readonly string[],
): Outcome<LocatedValue, ValueRefusal> {
  if (path.length === 0) return accept({ value: text, with: (value) => value });
  switch (format) {
    case 'json':
      return locateInJson(text, path);
    case 'yaml':
      return locateInYaml(text, path);
    case 'text':
      return refuse({
        reason: 'not-parsable',
        message: 'it is plain text, expected JSON or YAML with a key in it',
        hint: 'leave the key out to have the host replaced within the text',
      });
  }
}

function locateInJson(text: string, path: readonly string[]): Outcome<LocatedValue, ValueRefusal> {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  if (root === undefined || errors.length > 0) return notParsable('JSON');
  const steps = path.reduce<(string | number)[]>((found, step) => {
    const node = findNodeAtLocation(root, found);
    return [...found, node?.type === 'array' && /^\d+$/.test(step) ? Number(step) : step];
  }, []);
  const twice = path.some(
    (step, i) => keysOf(findNodeAtLocation(root, steps.slice(0, i))).filter((key) => key === step).length > 1,
  );
  if (twice)
    return ambiguous(
      path,
      'a key on the way there is written twice, and programs differ in which one they take',
    );
  const node: Node | undefined = findNodeAtLocation(root, steps);
  const value: unknown = node === undefined ? undefined : getNodeValue(node);
  if (node === undefined || typeof value !== 'string') return noSuchValue(path);
  const { offset, length } = node;
  return accept({
    value,
    with: (other) => text.slice(0, offset) + JSON.stringify(other) + text.slice(offset + length),
  });
}

function keysOf(node: Node | undefined): string[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).map(({ children: [key] = [] }) => String(key?.value));
}

function locateInYaml(text: string, path: readonly string[]): Outcome<LocatedValue, ValueRefusal> {
  const document = parseDocument(text);
  if (document.errors.length > 0) return notParsable('YAML');
  const node = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return noSuchValue(path);
  if (node.anchor !== undefined) {
    return ambiguous(
      path,
      `it is anchored as &${node.anchor}, so that every *${node.anchor} would change with it`,
    );
  }
  const shared = sharedAncestor(document, path);
  if (shared !== undefined) {
    return ambiguous(
      path,
      `it is within what is anchored as &${shared}, so that every *${shared} would change with it`,
    );
  }
  const write = WRITE_IN_YAML[node.type ?? ''];
  if (write === undefined) return noSuchValue(path);
  const [start, end] = node.range;
  return accept({
    value: node.value,
    with: (other) => text.slice(0, start) + write(other) + text.slice(end),
  });
}

/** The anchor of a node on the way there that stands elsewhere as well. */
function sharedAncestor(document: Document, path: readonly string[]): string | undefined {
  const elsewhere = new Set<string>();
  visit(document, { Alias: (_, { source }) => void elsewhere.add(source) });
  return path
    .map((_, i) => (i === 0 ? document.contents : document.getIn(path.slice(0, i), true)))
    .flatMap((node) => (isCollection(node) ? (node.anchor ?? []) : []))
    .find((anchor) => elsewhere.has(anchor));
}

/** A block of several lines is no place for a host. */
const WRITE_IN_YAML: Readonly<Record<string, (value: string) => string>> = {
  PLAIN: (value) => value,
  QUOTE_SINGLE: (value) => `'${value.replaceAll("'", "''")}'`,
  QUOTE_DOUBLE: (value) => JSON.stringify(value),
};

function notParsable(format: string): Outcome<never, ValueRefusal> {
  return refuse({
    reason: 'not-parsable',
    message: `its text is not ${format}`,
    hint: 'leave the key out to have the host replaced within the text',
  });
}

function ambiguous(path: readonly string[], why: string): Outcome<never, ValueRefusal> {
  return refuse({
    reason: 'ambiguous-value',
    message: `what is at '${path.join('/')}' is ambiguous: ${why}`,
    hint: 'write it in the document once, by itself, then plan again',
  });
}

function noSuchValue(path: readonly string[]): Outcome<never, ValueRefusal> {
  return refuse({
    reason: 'no-such-value',
    message: `it has no string at '${path.join('/')}'`,
    hint: 'check the key; a path into nested objects is written as a JSON pointer, such as /database/host',
  });
}
