import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ARTEFACTS } from '../../lib/artefacts/artefact';

interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Every field of a schema, such as `clusters[].source.arn`. */
function fieldsOf(schema: JsonSchema, at = ''): string[] {
  return [
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => fieldsOf(one, at)),
    ...[...(schema.prefixItems ?? []), ...(schema.items === undefined ? [] : [schema.items])].flatMap((one) =>
      fieldsOf(one, `${at}[]`),
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
      const field = at === '' ? name : `${at}.${name}`;
      return [field, ...fieldsOf(one, field)];
    }),
  ];
}

/** Shapes that the page describes once. */
const SAME_AS: readonly (readonly [RegExp, string])[] = [
  [/^candidates\[\][.]/, 'statement.'],
  [/^lostWrites[.]afterEffect[.]/, 'lostWrites.beforeEffect.'],
];

const page = readFileSync(path.resolve(__dirname, '../../docs/ARTEFACTS.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf('\n')), section]),
);

test.each(Object.values(ARTEFACTS))(
  'ARTEFACTS.md tells of every field of $file, and of no other',
  ({ file, schema }) => {
    const fields = fieldsOf(z.toJSONSchema(schema) as JsonSchema).map((field) =>
      SAME_AS.reduce((text, [from, to]) => text.replace(from, to), field),
    );
    const rows = (sections.get(file) ?? '').split('\n').filter((line) => line.startsWith('| `'));
    const told = rows.flatMap((row) =>
      [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(fields.length).toBeGreaterThan(5);
    expect([...new Set(told)].sort()).toEqual([...new Set(fields)].sort());
  },
);
