import { createHash } from 'node:crypto';
import type { RepointJournal } from '../artefacts/repoint-journal';
import type { RepointPlan } from '../artefacts/repoint-plan';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatInstant, type EpochMicros } from '../time';
import { editDocument, type Document, type HostEdit } from './edit-document';
import { byDocument, type JournalTarget, type TargetsOfOneDocument } from './journal-targets';
import { describeTarget } from './targets';

type Run = RepointJournal['runs'][number];
type Step = Run['steps'][number];

/** Where one document lies. The token makes a repeated write the same write. */
export interface DocumentStore {
  fetch(): Promise<Outcome<Document>>;
  /** Answers with the new version. */
  put(text: string, token: string): Promise<Outcome<string>>;
}

export interface JournalRun {
  readonly plan: RepointPlan;
  /** Of the plan's file. */
  readonly planSha256: string;
  /** What was done before; undefined for the first time. */
  readonly journal: RepointJournal | undefined;
  readonly open: (target: JournalTarget) => DocumentStore;
  /** Keeps the journal: called before and after each change, so that a killed run can be finished. */
  readonly keep: (runs: RepointJournal['runs']) => void;
  readonly now: () => EpochMicros;
  readonly onProgress: (text: string) => void;
}

export type JournalRefusal = Refusal<'changed-since-planned'>;

/**
 * Carries out what the repoint plan leaves to the SDK: one write for each document. What is there
 * already is left alone, so that it can be run again however it ended. A document that anyone has
 * written since it was planned is refused.
 */
export async function runJournal(run: JournalRun): Promise<Outcome<Run, JournalRefusal | Refusal>> {
  const { plan, planSha256, journal, keep, now } = run;
  const earlier = journal?.runs ?? [];
  const last = earlier.at(-1);
  const goesOn = last?.plan === planSha256;
  const before = goesOn ? earlier.slice(0, -1) : earlier;
  const at = (): string => formatInstant(now());
  let current: Run = goesOn
    ? last
    : {
        plan: planSha256,
        direction: plan.direction,
        plannedAt: plan.madeAt,
        startedAt: at(),
        endedAt: null,
        steps: [],
      };
  const record = (change: Partial<Run>): void => {
    current = { ...current, ...change };
    keep([...before, current]);
  };
  record({});
  for (const targets of byDocument(plan)) {
    const name = describeTarget({ ...targets[0], key: null });
    const recordStep = (change: Partial<Step>): void => {
      const known = current.steps.find((step) => step.name === name);
      const step = { name, beganAt: at(), endedAt: null, version: null, ...known, ...change };
      record({ steps: [...current.steps.filter((other) => other.name !== name), step] });
    };
    const done = await changeDocument(run, name, targets, recordStep);
    if (!done.ok) return done;
  }
  if (current.endedAt === null) record({ endedAt: at() });
  return accept(current);
}

async function changeDocument(
  { plan, planSha256, journal, open, now, onProgress }: JournalRun,
  name: string,
  targets: TargetsOfOneDocument,
  record: (change: Partial<Step>) => void,
): Promise<Outcome<undefined, JournalRefusal | Refusal>> {
  const [first] = targets;
  const store = open(first);
  onProgress(name);
  const current = await store.fetch();
  if (!current.ok) return current;
  const edited = editDocument(current.value, editsOf(plan, targets));
  if (!edited.ok) return refuse({ ...edited.refusal, message: `${name}: ${edited.refusal.message}` });
  const text = edited.value;
  const { version } = current.value;
  if (text === current.value.text) {
    record({ endedAt: formatInstant(now()), version });
    return accept(undefined);
  }
  if (targets.some((target) => target.version !== version)) {
    return refuse({
      reason: 'changed-since-planned',
      message: `${name} was changed since it was planned: it is at version ${version}, expected ${first.version}`,
      hint: `plan again: npm run plan-repoint -- --drill ${plan.drill}, or npm run undo -- --drill ${plan.drill} for the way back`,
    });
  }
  record({});
  // what was done, and undone by others since, is another write: the same token would be none
  const doneAt = (journal?.runs ?? [])
    .filter((earlier) => earlier.plan === planSha256)
    .flatMap(({ steps }) => steps.flatMap((step) => (step.name === name ? (step.endedAt ?? []) : [])))
    .at(-1);
  const token = createHash('sha256')
    .update(`${planSha256} ${name}${doneAt === undefined ? '' : ` ${doneAt}`}`)
    .digest('hex');
  const put = await store.put(text, token);
  if (!put.ok) return put;
  record({ endedAt: formatInstant(now()), version: put.value });
  return accept(undefined);
}

/**
 * When the move that a journal ends with was first planned, which may have taken several plans to get
 * it done. Undefined where it is the first move.
 */
export function moveBeganAt(runs: RepointJournal['runs']): string | undefined {
  const last = runs.at(-1);
  const before = runs.findLastIndex(({ direction }) => direction !== last?.direction);
  return before < 0 ? undefined : runs[before + 1]?.plannedAt;
}

function editsOf({ direction }: RepointPlan, targets: TargetsOfOneDocument): HostEdit[] {
  return targets.map((target) => {
    const { oldValue, newValue } = target;
    const [from, to] = direction === 'forward' ? [oldValue, newValue] : [newValue, oldValue];
    return { key: 'key' in target ? target.key : null, from, to };
  });
}
