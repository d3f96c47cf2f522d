/** Of a list whose items stand in the answer without an element around them all. */
export const FLAT = Symbol('flat list');

/**
 * How lists are written, by their own name: each item in an element of this name within the list's
 * element, or FLAT.
 */
export type ListItems = Readonly<Record<string, string | typeof FLAT>>;

export function renderDocument(root: string, xmlNamespace: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${xmlNamespace}">${content}</${root}>`;
}

/** Fields that are undefined are left out, empty lists are not. */
export function renderFields(value: object, listItems: ListItems): string {
  return Object.entries(value)
    .map(([name, field]: [string, unknown]) => {
      if (field === undefined) return '';
      if (!Array.isArray(field)) return renderElement(name, contentOf(field, listItems));
      const itemName = listItems[name];
      if (itemName === undefined) throw new Error(`no element name for the items of ${name}`);
      if (itemName === FLAT) return items(name, field, listItems);
      return renderElement(name, items(itemName, field, listItems));
    })
    .join('');
}

export function renderElement(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function items(itemName: string, list: readonly unknown[], listItems: ListItems): string {
  return list.map((item) => renderElement(itemName, contentOf(item, listItems))).join('');
}

function contentOf(value: unknown, listItems: ListItems): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null
    ? renderFields(value, listItems)
    : escapeXml(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}
