import { setTimeout as sleep } from 'node:timers/promises';
import type { Swap } from '../artefacts/swap';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import {
  describeSwapStep,
  stepsToTake,
  type NamedClusters,
  type NamedInstance,
  type SwapBody,
  type SwapStep,
} from './plan-swap';

export interface SwapTools {
  readonly names: {
    fetch(): Promise<NamedClusters>;
    /** `not-now` where RDS does not take it at this moment. */
    rename(step: SwapStep): Promise<'begun' | 'not-now'>;
  };
  /** Keeps the journal: called before and after each step. */
  readonly keep: (swap: SwapBody) => void;
  readonly now: () => EpochMicros;
  readonly pauseMs: number;
  /** The longest that one step may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export type RunSwapRefusal = Refusal<'renamed-by-others' | 'gone' | 'name-taken' | 'not-settled'>;

/** RDS shows the old state for a while after a rename has begun; where it lasts, it was dropped. */
const BEGIN_AGAIN_AFTER_MS = 120_000;

/**
 * Takes every step of a swap that RDS does not show as taken already, in the direction that the
 * journal says, and waits for each. What RDS calls a cluster or an instance by its resource id
 * decides, not the journal: so a killed swap goes on, or back, from wherever it stopped, and one that
 * is run again after its end keeps the times of when it was done.
 */
export async function runSwap(swap: SwapBody, tools: SwapTools): Promise<Outcome<SwapBody, RunSwapRefusal>> {
  const at = (): string => formatInstant(tools.now());
  const there = checkOldThere(swap, await tools.names.fetch());
  if (!there.ok) return there;
  let current: SwapBody = swap;
  const record = (change: Partial<SwapBody>): void => {
    current = { ...current, ...change };
    tools.keep(current);
  };
  record({ startedAt: swap.startedAt ?? at() });
  for (const step of stepsToTake(current)) {
    const onBegin = (): void => {
      record({ endedAt: null, adoptedAt: null });
    };
    const taken = await takeStep(step, swap, onBegin, tools);
    if (!taken.ok) return taken;
    if (step.endedAt !== null && !taken.value.begun) continue;
    const endedAt = at();
    record({ steps: current.steps.map((one) => (isSame(one, step) ? { ...one, endedAt } : one)) });
  }
  if (current.endedAt === null) record({ endedAt: at() });
  return accept(current);
}

/** A journal that goes the other way from wherever it is. */
export function turned({ schemaVersion: _, ...swap }: Swap, direction: Swap['direction']): SwapBody {
  const steps = swap.steps.map((step) => ({ ...step, endedAt: null }));
  return { ...swap, direction, startedAt: null, endedAt: null, adoptedAt: null, steps };
}

/** Without the old clusters the way back would leave their names to nobody. */
function checkOldThere(
  { direction, steps, drill }: SwapBody,
  { clusters }: NamedClusters,
): Outcome<undefined, Refusal<'gone'>> {
  const missing = steps.find(
    ({ kind, from, resourceId }) =>
      kind === 'cluster' &&
      steps.some((other) => other.kind === kind && other.to === from) &&
      !clusters.some((cluster) => cluster.resourceId === resourceId),
  );
  if (missing === undefined) return accept(undefined);
  return refuse({
    reason: 'gone',
    message: `the old DB cluster ${missing.resourceId}, '${direction === 'back' ? missing.to : missing.from}', is gone: there is nothing to ${direction === 'back' ? 'go back to' : 'exchange names with'}`,
    hint: `leave the names as they are; where it ended by 'npm run retire -- --drill ${drill}', its data is in the final snapshot`,
  });
}

async function takeStep(
  step: SwapStep,
  { drill, direction }: Pick<SwapBody, 'drill' | 'direction'>,
  onBegin: () => void,
  { names, pauseMs, timeoutMs, signal, onProgress, now }: SwapTools,
): Promise<Outcome<{ readonly begun: boolean }, RunSwapRefusal>> {
  const until = now() + timeoutMs * 1000;
  let begunAt = -Infinity;
  for (;;) {
    signal.throwIfAborted();
    const state = stateOf(step, await names.fetch());
    switch (state.kind) {
      case 'done':
        return accept({ begun: begunAt > -Infinity });
      case 'gone':
        // what is gone has left its name already
        if (direction === 'back') return accept({ begun: false });
        return refuse({
          reason: 'gone',
          message: `DB ${step.kind} ${step.resourceId}, '${step.from}', is gone`,
          hint: `take the names back: npm run undo -- --drill ${drill} --execute`,
        });
      case 'lost':
        return refuse({
          reason: 'renamed-by-others',
          message: `DB ${step.kind} ${step.resourceId} is called '${state.name}', expected '${step.from}' or '${step.to}'`,
          hint: `find out who renamed it; give it one of these names, then run the same command again`,
        });
      case 'taken':
        return refuse({
          reason: 'name-taken',
          message: `DB ${step.kind} '${step.to}' is ${state.by} now: somebody made or renamed it since this was planned`,
          hint: `give that another name, then run the same command again; or go back: npm run undo -- --drill ${drill} --execute`,
        });
      case 'to-begin':
        if (now() - begunAt > BEGIN_AGAIN_AFTER_MS * 1000) {
          onProgress(describeSwapStep(step));
          onBegin();
          if ((await names.rename(step)) === 'begun') begunAt = now();
        }
        break;
      case 'waiting':
        onProgress(`${describeSwapStep(step)}: ${state.status}`);
        break;
    }
    if (now() > until) {
      return refuse({
        reason: 'not-settled',
        message: `DB ${step.kind} '${step.to}' did not settle within ${formatDuration(timeoutMs)}${state.kind === 'waiting' ? `: ${state.status}` : ''}`,
        hint: `RDS goes on with it: look at its state there; the same command goes on from here, and 'npm run undo -- --drill ${drill}' goes back`,
      });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

type StepState =
  | { readonly kind: 'to-begin' | 'done' | 'gone' }
  | { readonly kind: 'waiting'; readonly status: string }
  | { readonly kind: 'lost'; readonly name: string }
  | { readonly kind: 'taken'; readonly by: string };

/** Renaming takes a while: for some of it RDS shows the old name, then the new one with the old endpoint. */
function stateOf(step: SwapStep, { clusters, instances }: NamedClusters): StepState {
  if (step.kind === 'instance') return stateByName(step, instances, () => true);
  return stateByName(step, clusters, ({ endpoint }) =>
    endpoint === null
      ? false
      : step.toEndpoint === null
        ? endpoint !== step.fromEndpoint
        : endpoint === step.toEndpoint,
  );
}

function stateByName<T extends NamedInstance>(
  { from, to, resourceId }: SwapStep,
  all: readonly T[],
  endpointArrived: (found: T) => boolean,
): StepState {
  const found = all.find((one) => one.resourceId === resourceId);
  if (found === undefined) return { kind: 'gone' };
  const { identifier, status } = found;
  const settled = status === 'available';
  if (identifier === to) {
    if (!settled) return { kind: 'waiting', status };
    return endpointArrived(found)
      ? { kind: 'done' }
      : { kind: 'waiting', status: 'its endpoint is still the old one' };
  }
  if (identifier !== from) return { kind: 'lost', name: identifier };
  const other = all.find((one) => one.identifier === to);
  if (other !== undefined) return { kind: 'taken', by: other.resourceId };
  return settled ? { kind: 'to-begin' } : { kind: 'waiting', status };
}

function isSame(one: SwapStep, other: SwapStep): boolean {
  return one.kind === other.kind && one.resourceId === other.resourceId;
}
