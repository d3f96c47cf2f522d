import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { fetchS3State } from './s3-state';
import type { Backend } from './state-location';

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

/** What a state holds, out of its text; no state means that nothing was applied yet: no resources. */
export function parseManagedResources(text: string | undefined): ManagedResource[] {
  if (text === undefined) return [];
  return stateSchema
    .parse(JSON.parse(text))
    .resources.filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, name, instances }) => instances.map(({ attributes }) => ({ type, name, attributes })));
}

/** Reads a state, wherever it lies. */
export async function fetchManagedResources(backend: Backend): Promise<ManagedResource[]> {
  if (backend.type === 's3') return parseManagedResources(await fetchS3State(backend.config));
  return readManagedResources(backend.config.path);
}

/** Reads a local state file. */
export function readManagedResources(statePath: string): ManagedResource[] {
  return parseManagedResources(existsSync(statePath) ? readFileSync(statePath, 'utf8') : undefined);
}
