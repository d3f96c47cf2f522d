import type { StoredArtefact } from '../artefact-files';
import type { Arrival } from '../artefacts/arrival';
import { ARTEFACTS, type Artefact, type ArtefactKind, type ArtefactRefusal } from '../artefacts/artefact';
import type { Fence } from '../artefacts/fence';
import type { Incident } from '../artefacts/incident';
import type { RepointPlan } from '../artefacts/repoint-plan';
import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import type { Timeline } from '../artefacts/timeline';
import type { Verification } from '../artefacts/verification';
import { accept, refuse, unreachable, type Outcome, type Refusal } from '../errors';

/** Every artefact of one drill as `readArtefact` answered. */
export type DrillFiles = {
  readonly [K in keyof Omit<UsableArtefacts, 'files' | 'absent'>]: Outcome<
    StoredArtefact<K>,
    ArtefactRefusal
  >;
};

/** The artefacts that a report may speak from, and why the others are absent. */
export interface UsableArtefacts {
  readonly incident: Incident | null;
  readonly restorePlan: RestorePlan | null;
  readonly verification: Verification | null;
  readonly repointPlan: RepointPlan | null;
  readonly swap: Swap | null;
  readonly fence: Fence | null;
  readonly arrival: Arrival | null;
  readonly timeline: Timeline | null;
  readonly files: readonly EvidenceFile[];
  readonly absent: readonly AbsentFile[];
}

export interface EvidenceFile {
  readonly file: string;
  readonly sha256: string;
  readonly madeAt: string;
  /** Files that it names as its origin; each has been compared with what is there now. */
  readonly madeFrom: readonly string[];
}

export interface AbsentFile {
  readonly file: string;
  /** `missing`: not made. `stale`: made from files that have been replaced since, hence not counted. */
  readonly reason: 'missing' | 'stale';
  readonly message: string;
  readonly hint: string;
}

export type DrillFilesRefusal = ArtefactRefusal | Refusal<'foreign-artefact' | 'nothing-to-report'>;

/**
 * Sorts a drill's artefacts into those that count and those that are absent. What is missing or
 * stale is part of the story of a failed or aborted drill; what was changed after it was written,
 * or belongs to another drill, is refused, since a report would lend it credit.
 */
export function sortDrillFiles(
  drill: string,
  answers: DrillFiles,
): Outcome<UsableArtefacts, DrillFilesRefusal> {
  for (const answer of Object.values(answers)) {
    const refusal = refusalOf(drill, answer);
    if (refusal !== undefined) return refuse(refusal);
  }
  const files: EvidenceFile[] = [];
  const absent: AbsentFile[] = [];
  // an application that is brought over by name needs no repoint
  const optional = answers.swap.ok ? [...OPTIONAL, 'repointPlan'] : OPTIONAL;
  const take = <K extends ArtefactKind>(kind: K, answer: Outcome<StoredArtefact<K>, ArtefactRefusal>) =>
    takeOne(drill, kind, answer, optional.includes(kind), files, absent);
  const usable: UsableArtefacts = {
    incident: take('incident', answers.incident),
    restorePlan: take('restorePlan', answers.restorePlan),
    verification: take('verification', answers.verification),
    repointPlan: take('repointPlan', answers.repointPlan),
    swap: take('swap', answers.swap),
    fence: take('fence', answers.fence),
    arrival: take('arrival', answers.arrival),
    timeline: take('timeline', answers.timeline),
    files,
    absent,
  };
  if (files.length > 0) return accept(usable);
  return refuse({
    reason: 'nothing-to-report',
    message: `drill '${drill}' has no artefacts yet`,
    hint: `begin it with 'npm run resolve -- --cluster ID --drill ${drill}'`,
  });
}

function refusalOf(
  drill: string,
  answer: Outcome<StoredArtefact<ArtefactKind>, ArtefactRefusal>,
): DrillFilesRefusal | undefined {
  if (answer.ok) {
    const { value, path } = answer.value;
    if (!('drill' in value) || value.drill === drill) return undefined;
    return {
      reason: 'foreign-artefact',
      message: `${path} belongs to drill '${value.drill}', not to '${drill}'`,
      hint: 'remove it, and make it again for this drill',
    };
  }
  const { reason } = answer.refusal;
  switch (reason) {
    case 'missing-artefact':
    case 'stale-artefact':
      return undefined;
    case 'not-json':
    case 'changed-artefact':
    case 'unknown-schema-version':
    case 'invalid-artefact':
      return answer.refusal;
    default:
      return unreachable(reason);
  }
}

/** Steps that a drill may do without. */
const OPTIONAL: readonly ArtefactKind[] = ['swap', 'fence', 'arrival'];

/** Notes one artefact as evidence or as absent. Called in the order in which they are made from each other. */
function takeOne<K extends ArtefactKind>(
  drill: string,
  kind: K,
  answer: Outcome<StoredArtefact<K>, ArtefactRefusal>,
  optional: boolean,
  files: EvidenceFile[],
  absent: AbsentFile[],
): Artefact<K> | null {
  const { file, madeBy } = ARTEFACTS[kind];
  if (!answer.ok) {
    const { message, hint, reason } = answer.refusal;
    const missing = reason === 'missing-artefact';
    if (missing && optional) return null;
    absent.push({ file, reason: missing ? 'missing' : 'stale', message, hint });
    return null;
  }
  const { value, sha256 } = answer.value;
  const madeFrom = 'madeFrom' in value ? Object.keys(value.madeFrom) : [];
  const lostOrigin = madeFrom.find((origin) => !files.some((known) => known.file === origin));
  if (lostOrigin !== undefined) {
    absent.push({
      file,
      reason: 'stale',
      message: `${file} of drill '${drill}' was made from ${lostOrigin}, which does not count any more`,
      hint: `make it again with '${madeBy} -- --drill ${drill}'`,
    });
    return null;
  }
  files.push({ file, sha256, madeAt: value.madeAt, madeFrom });
  return value;
}
