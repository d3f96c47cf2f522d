import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { drillDirectory } from '../artefact-files';
import { ARTEFACTS, parseArtefact } from '../artefacts/artefact';
import type { RepointJournal } from '../artefacts/repoint-journal';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { SETTINGS_FILE, type Settings } from '../settings';
import { readSettings } from '../settings-file';
import { destroyCommands } from './commands';
import { backendOf, localState, type StateLocation } from './state-location';
import { fetchManagedResources, readManagedResources, type ManagedResource } from './terraform-state';

/** What a drill has applied already, as its Terraform states and its journals say. */
export interface Applied {
  readonly restored: readonly {
    readonly clusterIdentifier: string;
    /** The time that it was restored to, or the ARN of its snapshot; null for a cluster that was imported. */
    readonly origin: string | null;
    readonly endpoint: string;
    readonly readerEndpoint: string;
  }[];
  /** What of the application Terraform manages, with the host that it gave it last. */
  readonly targets: readonly ManagedTarget[];
  /** What of the application the repoint's journal has brought over, and not back, in words. */
  readonly journalled: readonly string[];
  /** Names that a swap has given to restored clusters, or is about to, or is taking back. */
  readonly swapped: readonly string[];
}

export interface ManagedTarget {
  readonly kind: 'ssm-parameter' | 'dns-record';
  readonly name: string;
  readonly value: string;
}

/** Where the states of a drill lie, as the project's settings say. */
export function findState(drill: string, { state }: Settings): StateLocation {
  return state === undefined ? localState(drillDirectory(drill)) : { kind: 's3', drill, s3: state.s3 };
}

/**
 * Reads what a drill has applied already.
 * @throws RefusalError where the settings cannot be read, or there are states in two places
 */
export async function fetchApplied(drill: string): Promise<Applied> {
  const location = findState(drill, valueOf(readSettings()));
  if (location.kind === 's3') valueOf(checkNoLocalState(location));
  const directory = drillDirectory(drill);
  const [restored, repointed] = await Promise.all(
    (['restore', 'repoint'] as const).map((stack) => fetchManagedResources(backendOf(location, stack))),
  );
  return {
    restored: (restored ?? []).flatMap((resource) => restoredCluster(resource) ?? []),
    targets: (repointed ?? []).flatMap((resource) => managedTarget(resource) ?? []),
    journalled: broughtOver(readJournal(directory)),
    swapped: namesSwapped(directory),
  };
}

/** Settings that name S3 must not hide what was restored before, with its state in a file. */
function checkNoLocalState(
  location: Extract<StateLocation, { kind: 's3' }>,
): Outcome<undefined, Refusal<'state-in-two-places'>> {
  for (const stack of ['restore', 'repoint']) {
    const local = backendOf(localState(drillDirectory(location.drill)), stack);
    const { config } = backendOf(location, stack);
    if (!('path' in local.config) || !('key' in config)) continue;
    const { path: file } = local.config;
    if (readManagedResources(file).length === 0) continue;
    return refuse({
      reason: 'state-in-two-places',
      message: `the state of stack '${stack}' of drill '${location.drill}' is in ${file}, but ${SETTINGS_FILE} says S3`,
      hint: `move it: aws s3 cp ${file} s3://${config.bucket}/${config.key} && rm ${file}`,
    });
  }
  return accept(undefined);
}

function restoredCluster({ type, attributes }: ManagedResource): Applied['restored'][number] | undefined {
  if (type !== 'aws_rds_cluster') return undefined;
  const [restore] = (attributes['restore_to_point_in_time'] ?? []) as readonly { restore_to_time?: string }[];
  return {
    clusterIdentifier: String(attributes['cluster_identifier']),
    origin: restore?.restore_to_time ?? textOf(attributes['snapshot_identifier']),
    endpoint: String(attributes['endpoint']),
    readerEndpoint: String(attributes['reader_endpoint']),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function managedTarget({ type, attributes }: ManagedResource): ManagedTarget | undefined {
  const name = String(attributes['name']);
  const [record] = (attributes['records'] ?? []) as readonly unknown[];
  if (type === 'aws_ssm_parameter')
    return { kind: 'ssm-parameter', name, value: String(attributes['value']) };
  return type === 'aws_route53_record' ? { kind: 'dns-record', name, value: String(record) } : undefined;
}

function readJournal(drillDirectory: string): RepointJournal['runs'] {
  const file = path.join(drillDirectory, ARTEFACTS.repointJournal.file);
  if (!existsSync(file)) return [];
  return valueOf(parseArtefact('repointJournal', readFileSync(file, 'utf8'))).runs;
}

/** Until a swap is taken back to its end the restored clusters have the names that applications know. */
function namesSwapped(drillDirectory: string): string[] {
  const file = path.join(drillDirectory, ARTEFACTS.swap.file);
  if (!existsSync(file)) return [];
  const { direction, endedAt, steps } = valueOf(parseArtefact('swap', readFileSync(file, 'utf8')));
  if (direction === 'back' && endedAt !== null) return [];
  return steps.flatMap(({ kind, to, toEndpoint }) => (kind === 'cluster' && toEndpoint !== null ? [to] : []));
}

/** A step forward counts from its beginning, a step back from its end: whoever doubts must take it for in use. */
function broughtOver(runs: RepointJournal['runs']): string[] {
  const names = new Set<string>();
  for (const { direction, steps } of runs) {
    for (const { name, endedAt } of steps) {
      if (direction === 'forward') names.add(name);
      else if (endedAt !== null) names.delete(name);
    }
  }
  return [...names];
}

/** What leads the application to a restored cluster now. */
export function inUseBy({ restored, targets, journalled, swapped }: Applied): string[] {
  const endpoints = restored.flatMap(({ endpoint, readerEndpoint }) => [endpoint, readerEndpoint]);
  return [
    ...targets.filter(({ value }) => endpoints.includes(value)).map(({ name }) => name),
    ...(restored.length === 0 ? [] : journalled),
    ...swapped.map((name) => `the name ${name}`),
  ];
}

/** Incident and plan are what the restored cluster was made from: replacing them would leave it without its evidence. */
export function checkNothingRestored(
  drill: string,
  { restored, swapped }: Applied,
): Outcome<undefined, Refusal<'already-restored'>> {
  const found = [...new Set([...restored.map(({ clusterIdentifier }) => clusterIdentifier), ...swapped])];
  if (found.length === 0) return accept(undefined);
  const names = found.map((name) => `'${name}'`).join(', ');
  return refuse({
    reason: 'already-restored',
    message: `drill '${drill}' has restored ${names} already; its incident and plan are the evidence of that`,
    hint: `look again under another name, such as --drill ${drill.slice(0, 38)}-2, or end this one first: ${destroyCommands(drill)}`,
  });
}

/** Once the application writes to the restored cluster, its writes cannot be told from a wrong restore point. */
export function checkNotRepointed(
  drill: string,
  applied: Applied,
): Outcome<undefined, Refusal<'already-repointed'>> {
  const names = inUseBy(applied);
  if (names.length === 0) return accept(undefined);
  return refuse({
    reason: 'already-repointed',
    message: `the application is on the restored cluster already (${names.join(', ')}): what it wrote there would look like a wrong restore point`,
    hint: `verification.json holds the verdict from before; the way back is: npm run undo -- --drill ${drill}`,
  });
}
