import type { Arrival } from '../../artefacts/arrival';
import type { Fence } from '../../artefacts/fence';
import { formatDuration } from '../../time';
import type { Swap } from '../../artefacts/swap';
import { columns, type Block, type Fact, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, lines, say, strong, type Phrase } from '../phrase';
import { showCount } from '../../shorten';
import { counted, showInstant, showTime } from '../words';

/** How the application moved, and what that cost; undefined where nothing recorded it. */
export function cutoverSection({ arrival, fence, swap }: ReportModel): Section | undefined {
  if (arrival === null && fence === null && swap === null) return undefined;
  const rows = [
    ...(fence === null ? [] : [fenceFact(fence)]),
    ...(arrival === null ? [] : arrivalFacts(arrival)),
  ];
  const blocks: Block[] = [
    ...(rows.length === 0 ? [] : [{ kind: 'facts', rows } as const]),
    ...(swap === null ? [] : [renames(swap)]),
  ];
  return { id: 'cutover', title: 'Moving the application', blocks };
}

function renames({ direction, steps }: Swap): Block {
  const endpointOf = (name: string, endpoint: string | null): Phrase =>
    endpoint === null ? [code(name)] : lines([[code(name)], [code(endpoint)]]);
  return {
    kind: 'table',
    caption: direction === 'forward' ? 'Names exchanged' : 'Names taken back',
    columns: columns('What', 'Before', 'After', '#At (UTC)'),
    rows: steps.map(({ kind, from, to, fromEndpoint, toEndpoint, endedAt }) => {
      const [before, after] = [endpointOf(from, fromEndpoint), endpointOf(to, toEndpoint)];
      return [
        [kind],
        direction === 'forward' ? before : after,
        direction === 'forward' ? after : before,
        [endedAt === null ? 'not yet' : showTime(endedAt)],
      ];
    }),
  };
}

function fenceFact({ state, setAt, liftedAt, clusters }: Fence): Fact {
  const when: Record<Fence['state'], string> = {
    setting: 'was begun and not finished',
    set: `stands since ${setAt === null ? 'an unknown time' : showInstant(setAt)}`,
    lifting: 'is half lifted',
    lifted: `was lifted at ${liftedAt === null ? 'an unknown time' : showInstant(liftedAt)}`,
  };
  const how = clusters.map((cluster): Phrase =>
    cluster.by === 'security-group'
      ? say`${code(cluster.clusterIdentifier)} by security group ${code(cluster.isolatedGroupId)}`
      : say`${code(cluster.clusterIdentifier)} from ${counted(cluster.accounts.length, 'database account')}`,
  );
  return { label: 'Fence', value: lines([[`the fence of the old cluster ${when[state]}`], ...how]) };
}

/** Sessions move one by one, and other programs may go on writing where they are. */
function gapText(gapMs: number | null): string {
  if (gapMs === null) return 'unknown';
  return gapMs < 0
    ? `at no moment: both took writes for ${formatDuration(-gapMs)}, by other users or sessions that left later`
    : formatDuration(gapMs);
}

function arrivalFacts({ verdict, direction, by, since, arrivedAt, sessions, writes }: Arrival): Fact[] {
  const [left, reached] = direction === 'forward' ? ['old', 'new'] : ['new', 'old'];
  const at = (instant: string | null): Phrase => [
    instant === null ? 'unknown: no clock in the data tells' : showInstant(instant),
  ];
  return [
    {
      label: 'Arrival',
      value:
        verdict === 'arrived'
          ? say`on the ${reached} cluster${by === 'swap' ? ', by its name' : ''}, seen ${showInstant(arrivedAt ?? since)}`
          : say`${strong('not seen')}: sessions left behind: ${sessions.left}; arrived: ${sessions.reached}`,
    },
    { label: `Last write on the ${left} cluster`, value: at(writes.lastOnLeftAt) },
    { label: `First write on the ${reached} cluster`, value: at(writes.firstOnReachedAt) },
    { label: 'Without a write', value: [gapText(writes.gapMs)] },
    {
      label: 'Left behind',
      value: [
        writes.stranded === null
          ? 'unknown'
          : `${showCount(writes.stranded)} rows written on the ${left} cluster since the restore point, which the ${reached} one lacks`,
      ],
    },
    ...(writes.evidence.length === 0
      ? []
      : [{ label: 'Measured', value: lines(writes.evidence.map((text) => [text])) }]),
  ];
}
