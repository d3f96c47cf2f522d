import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** One resource that Terraform's state says it manages. */
export interface ManagedResource {
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The part of Terraform's state, version 4, that the steps look at. */
const stateSchema = z.object({
  version: z.literal(4),
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ attributes: z.record(z.string(), z.unknown()) })),
    }),
  ),
});

/** Reads a local state file. No file means that nothing was applied yet: no resources. */
export function readManagedResources(statePath: string): ManagedResource[] {
  if (!existsSync(statePath)) return [];
  return stateSchema
    .parse(JSON.parse(readFileSync(statePath, 'utf8')))
    .resources.filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, name, instances }) => instances.map(({ attributes }) => ({ type, name, attributes })));
}
