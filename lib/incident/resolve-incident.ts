import type { Incident } from '../artefacts/incident';
import type { Delivery, LogSource, SourceRefusal } from '../audit/log-source';
import { accept, refuse, RefusalError, valueOf, type Outcome } from '../errors';
import { epochMicros, formatInstant, formatWholeSecond, wholeSecondBefore, type EpochMicros } from '../time';
import { toStatement } from './candidates';
import { chooseIncident, type Chosen } from './choose-incident';
import { countLostWrites } from './count-lost-writes';
import { effectOf, type Effect } from './effect';
import { followCandidates, identityOf, type Followed } from './follow-candidates';
import type { ResolveRefusal } from './refusals';
import { tallyWritesAfter } from './tally-writes';
import { flavourOf, type ResolveOptions, type ResolveTools } from './resolve-tools';

type Resolved = Omit<Incident, 'schemaVersion' | 'madeAt'>;
interface Gathered extends Followed {
  readonly delivery: Delivery;
}

/**
 * Finds the damaging statement, follows its connection to the instant of effect, and decides the
 * restore point; or says why the logs do not prove one. Asks the source again while records may
 * still be arriving.
 */
export async function resolveIncident(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Outcome<Resolved, ResolveRefusal>> {
  try {
    return await resolve(source, options, tools);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return refuse({ ...(error.refusal as SourceRefusal), candidates: [] });
  }
}

async function resolve(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Outcome<Resolved, ResolveRefusal>> {
  const gathered = await gatherComplete(source, options, tools);
  const completeUntil = completeUntilOf(gathered) ?? epochMicros(0);
  const flavour = flavourOf(source);
  const chosen = chooseIncident(gathered.candidates, options.pick, flavour, options.showLiterals);
  if (!chosen.ok) {
    return unlessIncomplete(withBlindSpots(chosen, gathered), gathered.delivery, options.window.until);
  }
  const { marginMicros } = options;
  const effects = chosen.value.map((each) => ({
    ...each,
    effect: effectOf(each.write, each.fate, {
      ...{ marginMicros, next: gathered.next, firstTable: gathered.firstTable, completeUntil },
    }),
  }));
  const [incident] = effects.toSorted((a, b) => a.effect.earliestAt - b.effect.earliestAt);
  if (incident === undefined) throw new Error('an incident without a statement was chosen');
  const restoreTo = wholeSecondBefore(incident.effect.earliestAt);
  const damage = new Set(chosen.value.map(({ record }) => identityOf(record)));
  const tallied = await tallyWritesAfter(source, options, tools, incident.effect, chosen.value.length);
  const window = tallied === null ? options.window : { ...options.window, until: tallied.followUntil };
  const counted = await countLostWrites(source, { ...options, window }, tools, {
    restoreTo,
    effect: incident.effect,
    damage,
    connections: new Set(chosen.value.map(({ record }) => record.connectionId)),
    serverHost: incident.record.serverHost,
    logsTransactionControl: gathered.logsTransactionControl,
  });
  const warnings = [
    ...gathered.warnings,
    ...counted.warnings,
    ...(tallied === null ? [] : [tallied.warning]),
  ];
  return accept({
    cluster: options.cluster,
    dialect: source.dialect,
    statement: toStatement(incident, flavour, options.showLiterals),
    transaction: transactionOf(incident),
    effect: {
      earliestAt: formatInstant(incident.effect.earliestAt),
      latestAt: formatInstant(incident.effect.latestAt),
      basis: incident.effect.basis,
    },
    restoreTo: formatWholeSecond(restoreTo),
    recordTime: recordTimeOf(incident, incident.effect),
    lostWrites: { ...counted.lostWrites, ...(tallied === null ? {} : { afterEffect: tallied.afterEffect }) },
    candidates: gathered.candidates.map((each) => toStatement(each, flavour, options.showLiterals)),
    coverage: coverageOf(source, options, gathered, warnings),
  });
}

/** Where nothing was found, what may have hidden it. */
function withBlindSpots(
  refused: Outcome<never, ResolveRefusal>,
  { scanned: { unparsed }, calls, temporary }: Gathered,
): Outcome<never, ResolveRefusal> {
  if (refused.ok || refused.refusal.reason !== 'nothing-found') return refused;
  const spots = [
    ...(unparsed > 0 ? [`${unparsed} line(s) could not be read`] : []),
    ...(temporary > 0 ? [`${temporary} hit nothing but temporary tables of their own session`] : []),
    ...(calls > 0 ? [`what ${calls} CALL(s) ran may not be logged`] : []),
  ];
  const { message } = refused.refusal;
  return refuse({ ...refused.refusal, message: [message, ...spots].join('; ') });
}

/** That nothing was found proves nothing while records of the window may still be arriving. */
function unlessIncomplete(
  refused: Outcome<never, ResolveRefusal>,
  { growing, completeUntil }: Delivery,
  until: EpochMicros | null,
): Outcome<never, ResolveRefusal> {
  const isComplete = !growing || until === null || (completeUntil !== null && completeUntil >= until);
  if (refused.ok || refused.refusal.reason !== 'nothing-found' || isComplete) return refused;
  return refuse({
    reason: 'incomplete-logs',
    message: `${refused.refusal.message}, but the logs are complete only up to ${completeUntil === null ? 'an unknown time' : formatInstant(completeUntil)}`,
    hint: 'resolve again without --no-wait, or with an earlier --until',
    candidates: [],
  });
}

/** Asks until every record up to the window's end has arrived, as far as the delivery's lag tells. */
async function gatherComplete(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Gathered> {
  for (;;) {
    const delivery = valueOf(await source.fetchDelivery());
    const { completeUntil, newestAt, growing } = delivery;
    const until = options.window.until;
    if (!growing || !options.wait || until === null || (completeUntil !== null && completeUntil >= until)) {
      return { ...(await followCandidates(source, options, tools)), delivery };
    }
    tools.tell(
      completeUntil === null
        ? 'no audit record has arrived yet'
        : `audit logs are complete up to ${formatInstant(completeUntil)} (newest record ${newestAt === null ? 'none' : formatInstant(newestAt)}); waiting for ${formatInstant(until)}`,
    );
    await tools.pause();
  }
}

function transactionOf({ record, fate }: Chosen): Resolved['transaction'] {
  if (fate.kind === 'not-logged') return { kind: 'unknown', beganAt: null, committedAt: null };
  const committedAt = formatInstant(fate.at.executedAt);
  if (fate.by === 'autocommit') return { kind: 'autocommit', beganAt: null, committedAt };
  return { kind: 'explicit', beganAt: formatInstant((fate.began ?? record).executedAt), committedAt };
}

/** What trusting the log's own record time would have given. */
function recordTimeOf({ record, fate }: Chosen, effect: Effect): Resolved['recordTime'] {
  const visible = fate.kind === 'committed' ? fate.at : record;
  if (visible.recordedAt === null) return null;
  const restoreTo = wholeSecondBefore(visible.recordedAt);
  return {
    lagMs: (visible.recordedAt - visible.executedAt) / 1000,
    restoreTo: formatWholeSecond(restoreTo),
    includesDamage: restoreTo >= effect.latestAt,
  };
}

/** Up to when the logs are known: what a delivery promises, or the end of the files. */
function completeUntilOf({ delivery, scanned }: Gathered): EpochMicros | null {
  return delivery.completeUntil ?? scanned.seen?.newestAt ?? null;
}

function coverageOf(
  source: LogSource,
  { window }: ResolveOptions,
  gathered: Gathered,
  warnings: readonly string[],
): Resolved['coverage'] {
  const { delivery, scanned } = gathered;
  const instant = (at: EpochMicros | null): string | null => (at === null ? null : formatInstant(at));
  const complete = completeUntilOf(gathered);
  const isBeyond = complete !== null && window.until !== null && complete > window.until;
  return {
    source: source.name,
    since: instant(window.since),
    until: instant(window.until),
    // what lies after the window was not asked for
    completeUntil: instant(isBeyond ? window.until : complete),
    records: scanned.records,
    unparsed: scanned.unparsed,
    serverHosts: [...new Set([...delivery.serverHosts, ...(scanned.seen?.serverHosts ?? [])])].sort(),
    warnings: [...warnings],
  };
}
