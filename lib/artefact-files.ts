import {
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  closeSync,
  fsyncSync,
  writeFileSync,
  readdirSync,
} from 'node:fs';
import path from 'node:path';
import {
  ARTEFACTS,
  parseArtefact,
  renderArtefact,
  sha256Of,
  type Artefact,
  type ArtefactKind,
  type ArtefactRefusal,
} from './artefacts/artefact';
import { accept, messageOf, refuse, type Outcome, type Refusal } from './errors';

/** An artefact as read from its file, with the SHA-256 of the file's bytes. */
export interface StoredArtefact<K extends ArtefactKind> {
  readonly value: Artefact<K>;
  readonly sha256: string;
  readonly path: string;
}

const DRILLS = 'drills';
const DRILL_ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export type DrillIdRefusal = Refusal<'invalid-drill-id' | 'no-drill' | 'several-drills'>;

/** `drills/<id>` under the working directory. */
export function drillDirectory(drill: string): string {
  return path.resolve(DRILLS, drill);
}

/**
 * Which drill is meant: the one named (by --drill or the environment variable DRILL), or the only
 * one there is; otherwise a refusal that lists them.
 */
export function findDrill(named: string | undefined): Outcome<string, DrillIdRefusal> {
  if (named !== undefined && named !== '') {
    if (DRILL_ID.test(named)) return accept(named);
    return refuse({
      reason: 'invalid-drill-id',
      message: `'${named}' is not a drill id`,
      hint: 'use 1 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit',
    });
  }
  const drills = listDrills();
  const [only, ...others] = drills;
  if (only === undefined) {
    return refuse({
      reason: 'no-drill',
      message: `there is no drill in ${path.resolve(DRILLS)}`,
      hint: "begin one with 'npm run resolve -- --cluster ID --drill NAME'",
    });
  }
  if (others.length > 0) {
    return refuse({
      reason: 'several-drills',
      message: `there are ${drills.length} drills: ${drills.join(', ')}`,
      hint: `say which one is meant, such as DRILL=${only}`,
    });
  }
  return accept(only);
}

export function listDrills(): string[] {
  try {
    return readdirSync(DRILLS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && DRILL_ID.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/**
 * Reads one artefact of a drill and checks it against every artefact that it names in `madeFrom`:
 * what was made from a file that has since been replaced is stale.
 */
export function readArtefact<K extends ArtefactKind>(
  drill: string,
  kind: K,
): Outcome<StoredArtefact<K>, ArtefactRefusal> {
  const stored = readEvenIfStale(drill, kind);
  if (!stored.ok) return stored;
  const { file, madeBy } = ARTEFACTS[kind];
  const origins = 'madeFrom' in stored.value.value ? stored.value.value.madeFrom : {};
  for (const [origin, expected] of Object.entries(origins)) {
    const originText = readText(path.join(drillDirectory(drill), origin));
    if (originText === undefined || sha256Of(originText) !== expected) {
      return refuse({
        reason: 'stale-artefact',
        message: `${file} of drill '${drill}' was made from another ${origin} than the one that is there now`,
        hint: `make it again with '${madeBy} -- --drill ${drill}'`,
      });
    }
  }
  return stored;
}

/** Reads one artefact of a drill whatever became of those it was made from: for saved values, never to act upon. */
export function readEvenIfStale<K extends ArtefactKind>(
  drill: string,
  kind: K,
): Outcome<StoredArtefact<K>, ArtefactRefusal> {
  const { file, madeBy } = ARTEFACTS[kind];
  const filePath = path.join(drillDirectory(drill), file);
  const text = readText(filePath);
  if (text === undefined) {
    return refuse({
      reason: 'missing-artefact',
      message: `drill '${drill}' has no ${file}`,
      hint: `make it with '${madeBy} -- --drill ${drill}'`,
    });
  }
  const parsed = parseArtefact(kind, text);
  if (!parsed.ok) return parsed;
  return accept({ value: parsed.value, sha256: sha256Of(text), path: filePath });
}

/** Writes an artefact beside its place and renames it there: a reader sees the old file or the new one, never half of one. */
export function writeArtefact<K extends ArtefactKind>(
  drill: string,
  kind: K,
  body: Omit<Artefact<K>, 'schemaVersion'>,
): StoredArtefact<K> {
  const { file, schema, version } = ARTEFACTS[kind];
  const value = schema.parse({ schemaVersion: version, ...body }) as Artefact<K>;
  const text = renderArtefact(value);
  const filePath = path.join(drillDirectory(drill), file);
  writeWhole(filePath, text);
  return { value, sha256: sha256Of(text), path: filePath };
}

/** Writes a file whole or not at all. Creates its folder. `mode` 0o600 keeps it from other users. */
export function writeWhole(filePath: string, text: string, mode = 0o666): void {
  mkdirSync(path.dirname(filePath), { recursive: true });
  const aside = asideOf(filePath);
  const handle = openSync(aside, 'w', mode);
  try {
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, filePath);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Refuses a place that no file can be written to: a folder, or one in a folder that is not there or takes no file. */
export function checkWritable(filePath: string): Outcome<string, Refusal<'cannot-write'>> {
  const folder = path.dirname(path.resolve(filePath));
  const isFolder = (of: string): boolean => statSync(of, { throwIfNoEntry: false })?.isDirectory() === true;
  const no = (message: string): Outcome<never, Refusal<'cannot-write'>> =>
    refuse({
      reason: 'cannot-write',
      message,
      hint: 'name a file in a folder that is there and can be written to',
    });
  if (isFolder(filePath)) return no(`'${filePath}' is a folder, not a file to write`);
  if (!isFolder(folder)) return no(`there is no folder ${folder} to write '${filePath}' to`);
  const aside = asideOf(filePath);
  try {
    closeSync(openSync(aside, 'w'));
  } catch (error) {
    return no(`'${filePath}' cannot be written: ${messageOf(error)}`);
  }
  rmSync(aside);
  return accept(filePath);
}

function asideOf(filePath: string): string {
  return `${filePath}.${process.pid}.tmp`;
}

function readText(filePath: string): string | undefined {
  try {
    return readFileSync(filePath, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
