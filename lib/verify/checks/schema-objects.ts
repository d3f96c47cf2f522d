import { formatInstant, type EpochMicros } from '../../time';
import { amount, combine, notApplicable, type Check, type Part } from '../check';
import { fullName, type Inventory } from '../inventory';

/** Compares what the databases are made of. What the source changed after the restore point may differ. */
export const schemaObjects: Check = {
  name: 'schema-objects',
  title:
    'every table, column, index, key, view, routine, trigger and other object of the source exists and is the same',
  run: ({ restored, source, restoreTo }) =>
    Promise.resolve(
      source === undefined
        ? notApplicable('needs the source')
        : combine(compareObjects(listObjects(restored.inventory), listObjects(source.inventory), restoreTo)),
    ),
};

/** Anything of a database that is there or not, and that has one definition. */
export interface SchemaObject {
  readonly kind: string;
  readonly name: string;
  /** Null where this user may not read it: then only whether it exists is compared. */
  readonly definition: string | null;
  readonly changedAt: EpochMicros | null;
}

export function listObjects({ tables, foreignKeys, objects }: Inventory): SchemaObject[] {
  const changes = new Map(tables.map((table) => [fullName(table), table.createdAt]));
  return [
    ...tables.flatMap((table) => {
      const changedAt = table.createdAt;
      const name = fullName(table);
      return [
        { kind: 'table', name, definition: table.details, changedAt },
        ...table.columns.map((column) => ({
          kind: 'column',
          name: `${name}.${column.name}`,
          definition: column.definition,
          changedAt,
        })),
        ...table.indexes.map((index) => ({
          kind: 'index',
          name: `${name}.${index.name}`,
          definition:
            `${index.unique ? 'unique ' : ''}${index.columns.join(', ')} ${index.details}`.trimEnd(),
          changedAt,
        })),
      ];
    }),
    ...foreignKeys.map((key) => ({
      kind: 'foreign key',
      name: `${key.schema}.${key.table}.${key.name}`,
      definition:
        `${key.columns.join(', ')} -> ${key.parentSchema}.${key.parentTable} ${key.parentColumns.join(', ')} ${key.details}`.trimEnd(),
      changedAt: changes.get(`${key.schema}.${key.table}`) ?? null,
    })),
    ...objects.map((object) => ({
      kind: object.kind,
      name: fullName(object),
      definition: object.digest,
      changedAt: object.changedAt,
    })),
  ];
}

export function compareObjects(
  restored: readonly SchemaObject[],
  source: readonly SchemaObject[],
  restoreTo: EpochMicros,
): Part[] {
  const id = ({ kind, name }: SchemaObject): string => `${kind} ${name}`;
  const here = new Map(restored.map((object) => [id(object), object]));
  const differences = source.flatMap((object): Part[] => {
    const found = here.get(id(object));
    here.delete(id(object));
    const same =
      found !== undefined &&
      (found.definition === null || object.definition === null || found.definition === object.definition);
    if (same) return [];
    const what = `${id(object)} ${found === undefined ? 'is missing' : 'is defined differently'}`;
    // the server cuts its times down to the second: at the restore point means after it
    return object.changedAt !== null && object.changedAt >= restoreTo
      ? [
          {
            verdict: 'pass',
            evidence: `${what}: the source changed it at ${formatInstant(object.changedAt)}`,
          },
        ]
      : [{ verdict: 'fail', evidence: what }];
  });
  const extra = [...here.values()].map((object): Part => ({
    verdict: 'pass',
    evidence: `${id(object)} is gone from the source since`,
  }));
  return [...differences, ...extra, { verdict: 'pass', evidence: `${countKinds(source)} compared` }];
}

const PLURALS: Readonly<Record<string, string>> = { index: 'indexes', policy: 'policies' };

function countKinds(objects: readonly SchemaObject[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const counted = [...kinds].map(([kind, count]) => amount(count, kind, PLURALS[kind]));
  return counted.length > 0 ? counted.join(', ') : 'nothing';
}
