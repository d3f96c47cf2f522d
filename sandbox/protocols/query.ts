import type { AwsError } from './operation';
import { renderDocument, renderElement, renderFields, type ListItems } from './xml';

/** A value of a decoded form: text, a list or a structure of these. */
export type FormValue = string | FormValue[] | { readonly [name: string]: FormValue };

export interface QueryRequest {
  readonly action: string;
  readonly version: string;
  readonly input: FormValue;
}

interface FormNode {
  [name: string]: FormNode | string;
}

/**
 * Reads the form of an AWS Query request. `Tags.Tag.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`:
 * a level whose children are numbers is a list, and the level that names its items is left out,
 * whatever name it gives them (`member`, or the list's own, as AWS accepts both).
 * Undefined where it is no such form.
 */
export function parseQueryForm(body: string): QueryRequest | undefined {
  const form = new URLSearchParams(body);
  const action = form.get('Action');
  const version = form.get('Version');
  if (action === null || version === null) return undefined;
  const root = Object.create(null) as FormNode;
  for (const [name, value] of form) {
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-')) place(root, name, value);
  }
  // level by level, since the request as a whole is a structure, even of one list only
  const input = Object.fromEntries(Object.entries(root).map(([name, value]) => [name, simplify(value)]));
  return { action, version, input };
}

function place(root: FormNode, name: string, value: string): void {
  const levels = name.split('.');
  const last = levels.pop() ?? name;
  let node = root;
  for (const level of levels) {
    const child = Object.hasOwn(node, level) ? node[level] : undefined;
    // `Tags=` beside `Tags.Tag.1.Key=…` is an empty list that was filled after all
    node = typeof child === 'object' ? child : (node[level] = Object.create(null) as FormNode);
  }
  node[last] = value;
}

function simplify(node: FormNode | string): FormValue {
  if (typeof node === 'string') return node;
  const names = Object.keys(node);
  const [only] = names;
  const child = only !== undefined && names.length === 1 ? node[only] : undefined;
  if (typeof child === 'object' && isList(child)) return listOf(child);
  if (isList(node)) return listOf(node);
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, simplify(value)]));
}

function isList(node: FormNode): boolean {
  const names = Object.keys(node);
  return names.length > 0 && names.every((name) => /^\d+$/.test(name));
}

function listOf(node: FormNode): FormValue[] {
  return Object.entries(node)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => simplify(item));
}

/** The XML of a successful answer. Fields that are undefined are left out, empty lists are not. */
export function renderQueryResult(
  action: string,
  result: object,
  wire: { readonly xmlNamespace: string; readonly listItems: ListItems },
  requestId: string,
): string {
  return renderDocument(
    `${action}Response`,
    wire.xmlNamespace,
    renderElement(`${action}Result`, renderFields(result, wire.listItems)) +
      renderElement('ResponseMetadata', renderElement('RequestId', requestId)),
  );
}

export function renderQueryError(error: AwsError, xmlNamespace: string, requestId: string): string {
  const fields = {
    Type: error.status < 500 ? 'Sender' : 'Receiver',
    Code: error.code,
    Message: error.message,
  };
  return renderDocument(
    'ErrorResponse',
    xmlNamespace,
    renderElement('Error', renderFields(fields, {})) + renderElement('RequestId', requestId),
  );
}
