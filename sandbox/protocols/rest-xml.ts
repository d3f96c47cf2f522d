import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { AwsError } from './operation';
import { renderDocument, renderElement, renderFields, type ListItems } from './xml';

export interface RestXmlWire {
  readonly protocol: 'rest-xml';
  readonly xmlNamespace: string;
  readonly listItems: ListItems;
  /** S3 writes the error itself, without an ErrorResponse around it. */
  readonly errors: 'wrapped' | 'bare';
  /** Root elements by operation, where they are not named after it. */
  readonly roots?: Readonly<Record<string, string>>;
}

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true });

/** The members within the root element of a request; all leaves are text. */
export function parseXmlInput(body: Buffer): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8');
  if (text.trim() === '') return {};
  if (XMLValidator.validate(text) !== true) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed.');
  }
  const [root] = Object.values(parser.parse(text) as Record<string, unknown>);
  return typeof root === 'object' && root !== null ? (root as Record<string, unknown>) : {};
}

/** A list as XML holds it: `{ Change: […] }`, `{ Change: … }` for a single item, or empty text. */
export function xmlList<Item extends z.ZodType>(itemName: string, item: Item): z.ZodType<z.output<Item>[]> {
  return z.preprocess((value) => {
    if (value === '') return [];
    if (typeof value !== 'object' || value === null || !(itemName in value)) return value;
    const found = (value as Record<string, unknown>)[itemName];
    return Array.isArray(found) ? (found as unknown[]) : [found];
  }, z.array(item));
}

export function renderXmlResult(operationName: string, result: object, wire: RestXmlWire): string {
  const root = wire.roots?.[operationName] ?? `${operationName}Response`;
  return renderDocument(root, wire.xmlNamespace, renderFields(result, wire.listItems));
}

export function renderXmlError(error: AwsError, wire: RestXmlWire, requestId: string): string {
  const named = { Code: error.code, Message: error.message, ...error.members };
  if (wire.errors === 'bare') {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement('Error', renderFields({ ...named, RequestId: requestId }, {}))}`;
  }
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return renderDocument(
    'ErrorResponse',
    wire.xmlNamespace,
    renderElement('Error', renderFields({ Type: type, ...named }, {})) +
      renderElement('RequestId', requestId),
  );
}
