import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { arrivalSchema } from './arrival';
import { fenceSchema } from './fence';
import { incidentSchema } from './incident';
import { repointJournalSchema } from './repoint-journal';
import { repointPlanSchema } from './repoint-plan';
import { restorePlanSchema } from './restore-plan';
import { swapSchema } from './swap';
import { timelineSchema } from './timeline';
import { verificationSchema } from './verification';

/**
 * The JSON contract between the steps. Every artefact
 * - is written once, as the exact text that `renderArtefact` makes, and ends in a `digest` of that
 *   text: a file with one changed byte is refused by every later step;
 * - names in `madeFrom` the SHA-256 of each artefact file that it was made from;
 * - holds no secret and, unless asked for, no literal value out of SQL.
 *
 * Times are ISO 8601 UTC with `Z`; `…At` is an instant, `…Ms` and `…Seconds` are durations.
 *
 * `ARTEFACTS` gives each kind's file name in `drills/<id>/`, its schema and the command that makes it.
 * Each kind counts its own schema versions: one that changes does not make the others unreadable.
 */
export const ARTEFACTS = {
  incident: {
    file: 'incident.json',
    schema: incidentSchema,
    version: incidentSchema.shape.schemaVersion.value,
    madeBy: 'npm run resolve',
  },
  restorePlan: {
    file: 'restore-plan.json',
    schema: restorePlanSchema,
    version: restorePlanSchema.shape.schemaVersion.value,
    madeBy: 'npm run plan',
  },
  verification: {
    file: 'verification.json',
    schema: verificationSchema,
    version: verificationSchema.shape.schemaVersion.value,
    madeBy: 'npm run verify',
  },
  repointPlan: {
    file: 'repoint-plan.json',
    schema: repointPlanSchema,
    version: repointPlanSchema.shape.schemaVersion.value,
    madeBy: 'npm run plan-repoint',
  },
  repointJournal: {
    file: 'repoint-journal.json',
    schema: repointJournalSchema,
    version: repointJournalSchema.shape.schemaVersion.value,
    madeBy: 'npm run apply',
  },
  fence: {
    file: 'fence.json',
    schema: fenceSchema,
    version: fenceSchema.shape.schemaVersion.value,
    madeBy: 'npm run fence',
  },
  swap: {
    file: 'swap.json',
    schema: swapSchema,
    version: swapSchema.shape.schemaVersion.value,
    madeBy: 'npm run swap',
  },
  arrival: {
    file: 'arrival.json',
    schema: arrivalSchema,
    version: arrivalSchema.shape.schemaVersion.value,
    madeBy: 'npm run arrival',
  },
  timeline: {
    file: 'timeline.json',
    schema: timelineSchema,
    version: timelineSchema.shape.schemaVersion.value,
    madeBy: 'npm run drill',
  },
} as const;

export type ArtefactKind = keyof typeof ARTEFACTS;
export type Artefact<K extends ArtefactKind> = z.infer<(typeof ARTEFACTS)[K]['schema']>;

export type ArtefactRefusal = Refusal<
  | 'missing-artefact'
  | 'not-json'
  | 'changed-artefact'
  | 'unknown-schema-version'
  | 'invalid-artefact'
  | 'stale-artefact'
>;

/** The one text of an artefact: two-space JSON in the order of its fields, the digest last, a newline at the end. */
export function renderArtefact(body: object): string {
  return `${JSON.stringify({ ...body, digest: sha256Of(JSON.stringify(body)) }, null, 2)}\n`;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a step keeps of what it has done cannot be made again: its file has to come back. */
function wayOut(kind: ArtefactKind): string {
  const { file, madeBy } = ARTEFACTS[kind];
  const restored = `take a whole one back from git: git log -- 'drills/*/${file}', then git checkout COMMIT -- its path`;
  switch (kind) {
    case 'repointJournal':
      return `${restored}; where git has none, move the file away and go back by the saved hosts of repoint-plan.json: npm run undo`;
    case 'swap':
      return `${restored}; an older one does as well, since what RDS calls the clusters decides, and then the same command goes on, or 'npm run undo' goes back`;
    case 'fence':
      return `${restored}; an older one that names the same clusters does as well`;
    default:
      return `make it again with '${madeBy}', and have it reviewed again`;
  }
}

/**
 * Reads an artefact out of its text. Refuses anything that `renderArtefact` did not write, so that
 * what a reviewer approved is what the next step uses.
 */
export function parseArtefact<K extends ArtefactKind>(
  kind: K,
  text: string,
): Outcome<Artefact<K>, ArtefactRefusal> {
  const { file, schema, version } = ARTEFACTS[kind];
  const again = wayOut(kind);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return refuse({ reason: 'not-json', message: `${file} is not JSON`, hint: again });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return refuse({ reason: 'not-json', message: `${file} is not a JSON object`, hint: again });
  }
  const { digest: _digest, ...body } = content as Record<string, unknown>;
  if (body['schemaVersion'] !== version) {
    return refuse({
      reason: 'unknown-schema-version',
      message: `${file} has schema version ${JSON.stringify(body['schemaVersion'])}, expected ${version}`,
      hint: again,
    });
  }
  if (renderArtefact(body) !== text) {
    return refuse({
      reason: 'changed-artefact',
      message: `${file} was changed after it was written: its digest does not match its text`,
      hint: again,
    });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    return refuse({
      reason: 'invalid-artefact',
      message: `${file}: ${z.prettifyError(parsed.error)}`,
      hint: again,
    });
  }
  return accept(parsed.data as Artefact<K>);
}
