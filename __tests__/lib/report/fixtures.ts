import {
  ARTEFACTS,
  parseArtefact,
  renderArtefact,
  sha256Of,
  type Artefact,
  type ArtefactKind,
  type ArtefactRefusal,
} from '../../../lib/artefacts/artefact';
import type { Incident } from '../../../lib/artefacts/incident';
import type { RepointPlan } from '../../../lib/artefacts/repoint-plan';
import type { PlannedCluster, RestorePlan } from '../../../lib/artefacts/restore-plan';
import type { Timeline } from '../../../lib/artefacts/timeline';
import type { VerifiedCluster } from '../../../lib/artefacts/verification';
import type { StoredArtefact } from '../../../lib/artefact-files';
import { accept, refuse, valueOf, type Outcome } from '../../../lib/errors';
import type { DrillFiles } from '../../../lib/report/drill-files';
import { buildReportModel, type ReportModel } from '../../../lib/report/model';

export const DRILL = 'rehearsal-20260115-100150';
export const MADE_AT = '2026-01-15T10:08:20.500000Z';

type Body<K extends ArtefactKind> = Omit<Artefact<K>, 'schemaVersion'>;
type WithoutOrigin<K extends ArtefactKind> = Omit<Body<K>, 'madeFrom'>;

/** The artefacts of one drill; what is left out is missing. `madeFrom` is filled in from the others' text. */
export interface Drill {
  readonly incident?: WithoutOrigin<'incident'>;
  readonly restorePlan?: WithoutOrigin<'restorePlan'>;
  readonly verification?: WithoutOrigin<'verification'>;
  readonly repointPlan?: WithoutOrigin<'repointPlan'>;
  readonly swap?: WithoutOrigin<'swap'>;
  readonly fence?: WithoutOrigin<'fence'>;
  readonly arrival?: WithoutOrigin<'arrival'>;
  readonly timeline?: WithoutOrigin<'timeline'>;
}

/** What `readArtefact` would answer, each artefact having gone through its text and its schema. */
export function filesOf(drill: Drill): DrillFiles {
  const incident = store('incident', drill.incident);
  const restorePlan = store(
    'restorePlan',
    drill.restorePlan && { ...drill.restorePlan, madeFrom: { 'incident.json': hashOf(incident) } },
  );
  const verification = store(
    'verification',
    drill.verification && {
      ...drill.verification,
      madeFrom: { 'incident.json': hashOf(incident), 'restore-plan.json': hashOf(restorePlan) },
    },
  );
  const repointPlan = store(
    'repointPlan',
    drill.repointPlan && {
      ...drill.repointPlan,
      madeFrom: { 'restore-plan.json': hashOf(restorePlan), 'verification.json': hashOf(verification) },
    },
  );
  const fence = store(
    'fence',
    drill.fence && { ...drill.fence, madeFrom: { 'restore-plan.json': hashOf(restorePlan) } },
  );
  const swap = store(
    'swap',
    drill.swap && { ...drill.swap, madeFrom: { 'restore-plan.json': hashOf(restorePlan) } },
  );
  const arrival = store(
    'arrival',
    drill.arrival && {
      ...drill.arrival,
      madeFrom:
        drill.arrival.by === 'swap'
          ? { 'swap.json': hashOf(swap) }
          : { 'repoint-plan.json': hashOf(repointPlan) },
    },
  );
  const timeline = store('timeline', drill.timeline);
  return { incident, restorePlan, verification, repointPlan, swap, fence, arrival, timeline };
}

export function modelOf(drill: Drill): ReportModel {
  return valueOf(buildReportModel({ drill: DRILL, madeAt: MADE_AT, files: filesOf(drill) }));
}

export function missing(kind: ArtefactKind): { ok: false; refusal: ArtefactRefusal } {
  const { file, madeBy } = ARTEFACTS[kind];
  return refuse({
    reason: 'missing-artefact',
    message: `drill '${DRILL}' has no ${file}`,
    hint: `make it with '${madeBy} -- --drill ${DRILL}'`,
  });
}

function store<K extends ArtefactKind>(
  kind: K,
  body: Body<K> | undefined,
): Outcome<StoredArtefact<K>, ArtefactRefusal> {
  if (body === undefined) return missing(kind);
  const text = renderArtefact(
    ARTEFACTS[kind].schema.parse({ schemaVersion: ARTEFACTS[kind].version, ...body }),
  );
  const path = `drills/${DRILL}/${ARTEFACTS[kind].file}`;
  return accept({ value: valueOf(parseArtefact(kind, text)), sha256: sha256Of(text), path });
}

function hashOf(answer: Outcome<StoredArtefact<ArtefactKind>, ArtefactRefusal>): string {
  return answer.ok ? answer.value.sha256 : '0'.repeat(64);
}

const DELETE: Incident['statement'] = {
  executedAt: '2026-01-15T10:02:14.846120Z',
  recordedAt: '2026-01-15T10:02:22.114000Z',
  connectionId: '4711',
  queryId: '99120',
  serverHost: 'trading-1',
  user: 'intern',
  host: '10.0.4.17',
  database: 'trading',
  sql: 'DELETE FROM accounts',
  kind: 'delete-without-where',
  tables: ['trading.accounts'],
};

export const INCIDENT: Body<'incident'> = {
  madeAt: '2026-01-15T10:03:05.200000Z',
  cluster: 'trading',
  dialect: 'aurora-mysql',
  statement: DELETE,
  transaction: {
    kind: 'explicit',
    beganAt: '2026-01-15T10:02:13.201500Z',
    committedAt: '2026-01-15T10:02:17.846903Z',
  },
  effect: {
    earliestAt: '2026-01-15T10:02:16.846903Z',
    latestAt: '2026-01-15T10:02:17.846903Z',
    basis: 'COMMIT of the same connection, stamped at its end, less a margin of 1 s',
  },
  restoreTo: '2026-01-15T10:02:16Z',
  recordTime: { lagMs: 9422, restoreTo: '2026-01-15T10:02:27Z', includesDamage: true },
  lostWrites: {
    beforeEffect: {
      transactions: 9,
      statements: 12,
      firstAt: '2026-01-15T10:02:16.052100Z',
      lastAt: '2026-01-15T10:02:17.790040Z',
      groups: [
        {
          table: 'trading.orders',
          user: 'app',
          kind: 'insert',
          statements: 8,
          firstAt: '2026-01-15T10:02:16.052100Z',
          lastAt: '2026-01-15T10:02:17.790040Z',
        },
        {
          table: 'trading.positions',
          user: 'settlement',
          kind: 'update',
          statements: 4,
          firstAt: '2026-01-15T10:02:16.410000Z',
          lastAt: '2026-01-15T10:02:17.602200Z',
        },
      ],
    },
    afterEffect: {
      transactions: 208,
      statements: 260,
      firstAt: '2026-01-15T10:02:18.001200Z',
      lastAt: '2026-01-15T10:02:58.930000Z',
      groups: [
        {
          table: 'trading.orders',
          user: 'app',
          kind: 'insert',
          statements: 198,
          firstAt: '2026-01-15T10:02:18.001200Z',
          lastAt: '2026-01-15T10:02:58.930000Z',
        },
        {
          table: 'trading.positions',
          user: 'settlement',
          kind: 'update',
          statements: 62,
          firstAt: '2026-01-15T10:02:18.500000Z',
          lastAt: '2026-01-15T10:02:58.120000Z',
        },
      ],
    },
  },
  candidates: [DELETE],
  coverage: {
    source: '/aws/rds/cluster/trading/audit',
    since: '2026-01-15T09:03:00Z',
    until: '2026-01-15T10:03:00Z',
    completeUntil: '2026-01-15T10:02:59Z',
    records: 1834,
    unparsed: 0,
    serverHosts: ['trading-1'],
    warnings: [],
  },
};

export const PLANNED: PlannedCluster = {
  method: { kind: 'point-in-time', reason: 'the restore point is inside the restorable window' },
  dataAt: '2026-01-15T10:02:16Z',
  loses: 'what others committed in the last 1.8 s before the damage, at most',
  window: {
    earliestAt: '2026-01-15T10:01:55Z',
    latestAt: '2026-01-15T10:03:00Z',
    checkedAt: '2026-01-15T10:03:06.900000Z',
  },
  source: {
    clusterIdentifier: 'trading',
    resourceId: 'cluster-2QXM7VQ5Z3N4K6J7L8P9R0S1T2',
    arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading',
    deleted: false,
    engine: 'aurora-mysql',
    engineVersion: '8.0.mysql_aurora.3.08.0',
    endpoint: 'trading.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
    readerEndpoint: 'trading.cluster-ro-c9akciq32.eu-central-1.rds.amazonaws.com',
    port: 3306,
  },
  restored: {
    clusterIdentifier: 'trading-rehearsal-20260115-100150',
    parameterGroup: 'trading-params',
    subnetGroup: 'trading-subnets',
    securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555',
    port: 3306,
    iamAuthentication: false,
    logExports: ['audit'],
    roles: [],
    networkType: 'IPV4',
    storageType: null,
    backtrackWindowSeconds: 0,
    serverlessV2: null,
    backupRetentionDays: 7,
    copyTagsToSnapshot: true,
    deletionProtection: false,
    tags: { team: 'trading' },
    drillTags: { 'restore-drill': DRILL },
    instances: [
      {
        identifier: 'trading-rehearsal-20260115-100150-1',
        instanceClass: 'db.r6g.large',
        parameterGroup: 'trading-instance-params',
        promotionTier: 1,
        caCertificate: null,
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        publiclyAccessible: false,
        monitoring: null,
        performanceInsights: null,
        tags: {},
        modelledOn: 'trading-1',
      },
    ],
  },
  backtrack: null,
  differences: [
    'deletion protection is off, so that the drill can be destroyed',
    'one instance instead of two',
  ],
};

export const RESTORE_PLAN: WithoutOrigin<'restorePlan'> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:03:07.100000Z',
  expiresAt: '2026-01-16T10:03:07.100000Z',
  account: '123456789012',
  region: 'eu-central-1',
  restoreTo: '2026-01-15T10:02:16Z',
  clusters: [PLANNED],
};

export const VERIFIED: VerifiedCluster = {
  source: 'trading',
  verdict: 'pass',
  restored: {
    clusterIdentifier: 'trading-rehearsal-20260115-100150',
    endpoint: 'trading-rehearsal-20260115-100150.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
    readerEndpoint: null,
    port: 3306,
  },
  checks: [
    {
      name: 'damage-absent',
      title: 'the rows that the incident hit are back',
      verdict: 'pass',
      evidence: ['trading.accounts: 5,000 rows, 0 on the source'],
      tookMs: 21.4,
    },
    {
      name: 'restore-point',
      title: 'the last writes before the restore point are there, and none after it',
      verdict: 'pass',
      evidence: [
        'trading.orders: newest row 2026-01-15T10:02:15.932000Z, 68 ms before the restore point',
        'trading.positions: no column tells when a row was committed',
      ],
      tookMs: 48,
    },
    {
      name: 'row-counts',
      title: 'every table has as many rows as the source, or its difference is explained',
      verdict: 'pass',
      evidence: ['trading.orders: 3,120 rows, 3,391 on the source: written since the restore point'],
      tookMs: 35.9,
    },
    {
      name: 'foreign-keys',
      title: 'no row refers to one that is missing',
      verdict: 'pass',
      evidence: ['trading.positions.account_id: no orphans'],
      tookMs: 12,
    },
    {
      name: 'users-and-grants',
      title: 'every user of the source exists, with the same password and grants',
      verdict: 'not-applicable',
      evidence: ['the checking user may not read mysql.user'],
      tookMs: 3,
    },
  ],
  notProven: [
    'that rows which nothing compares are right: a write of the wrong value before the restore point is restored as it was',
    'performance: the restored cluster starts with a cold cache',
  ],
};

export const VERIFICATION: WithoutOrigin<'verification'> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:06:02.400000Z',
  startedAt: '2026-01-15T10:06:00.100000Z',
  tookMs: 2300,
  verdict: 'pass',
  clusters: [VERIFIED],
};

export const REPOINT_PLAN: WithoutOrigin<'repointPlan'> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:06:05.000000Z',
  account: '123456789012',
  region: 'eu-central-1',
  direction: 'forward',
  targets: [
    {
      kind: 'ssm-parameter',
      name: '/trading/db/host',
      type: 'String',
      oldValue: 'trading.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
      newValue: 'trading-rehearsal-20260115-100150.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
    },
  ],
};

type Step = Timeline['steps'][number];

/** One after the other from `startedAt`, `seconds` each. */
function stepsFrom(
  startedAt: string,
  rows: readonly (readonly [name: string, phase: Step['phase'], seconds: number, command: string])[],
): Step[] {
  let at = Date.parse(startedAt);
  return rows.map(([name, phase, seconds, command]) => {
    const from = new Date(at).toISOString();
    at += seconds * 1000;
    return { name, command, startedAt: from, endedAt: new Date(at).toISOString(), result: 'passed', phase };
  });
}

export const STEPS: readonly Step[] = stepsFrom('2026-01-15T10:01:50.100Z', [
  ['preflight', 'set-up', 3.1, 'npm run --silent preflight'],
  ['sandbox', 'set-up', 8.4, 'npm run sandbox'],
  ['incident', 'set-up', 17.2, 'delete-in-transaction, among other sessions’ work'],
  ['resolve', 'recovery', 46.4, `npm run --silent resolve -- --cluster trading --drill ${DRILL} --since 1h`],
  ['plan', 'recovery', 2.1, `npm run --silent plan -- --drill ${DRILL}`],
  ['restore', 'recovery', 160.8, `npm run --silent apply -- --drill ${DRILL} --stack restore`],
  ['no drift', 'recovery', 9.6, 'terraform plan -detailed-exitcode -input=false'],
  ['verify', 'recovery', 4.3, `npm run --silent verify -- --drill ${DRILL}`],
  ['plan repoint', 'recovery', 2.2, `npm run --silent plan-repoint -- --drill ${DRILL}`],
  ['repoint', 'recovery', 21.7, `npm run --silent apply -- --drill ${DRILL} --stack repoint`],
  ['application', 'recovery', 1.2, 'wait until it writes to 127.0.0.3'],
  ['no drift after repoint', 'tear-down', 9.9, 'terraform plan -detailed-exitcode -input=false'],
]);

export const TIMELINE: WithoutOrigin<'timeline'> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:08:18.000000Z',
  startedAt: '2026-01-15T10:01:50.000000Z',
  steps: [
    ...STEPS,
    {
      name: 'report',
      command: `npm run --silent report -- --drill ${DRILL}`,
      startedAt: '2026-01-15T10:08:18.000000Z',
      endedAt: null,
      result: 'running',
      phase: 'tear-down',
    },
  ],
  observations: [
    { at: '2026-01-15T10:06:37.300000Z', text: 'the application writes to 127.0.0.3' },
    {
      at: '2026-01-15T10:06:47.300000Z',
      text: 'the damage took effect at 2026-01-15T10:02:17.846100Z at the earliest, 1.8 s after the restore point',
    },
  ],
};

export const PASSED: Drill = {
  incident: INCIDENT,
  restorePlan: RESTORE_PLAN,
  verification: VERIFICATION,
  repointPlan: REPOINT_PLAN,
  timeline: TIMELINE,
};

/** Restored one second too late: the verification says so, and nothing was repointed. */
export const FAILED: Drill = {
  incident: INCIDENT,
  restorePlan: RESTORE_PLAN,
  verification: {
    ...VERIFICATION,
    verdict: 'fail',
    clusters: [
      {
        ...VERIFIED,
        verdict: 'fail',
        checks: VERIFIED.checks.map((check): VerifiedCluster['checks'][number] =>
          check.name === 'damage-absent'
            ? {
                ...check,
                verdict: 'fail',
                evidence: ['trading.accounts: empty on the restored side: the damage is included'],
              }
            : check,
        ),
      },
    ],
  },
  timeline: {
    ...TIMELINE,
    steps: STEPS.slice(0, 8).map((step): Step =>
      step.name === 'verify' ? { ...step, result: 'failed' } : step,
    ),
    observations: [],
  },
};

/** Stopped by Ctrl-C while Terraform restored. */
export const ABORTED: Drill = {
  incident: INCIDENT,
  restorePlan: RESTORE_PLAN,
  timeline: {
    ...TIMELINE,
    steps: STEPS.slice(0, 6).map((step): Step =>
      step.name === 'restore' ? { ...step, result: 'interrupted' } : step,
    ),
    observations: [],
  },
};

/** In earnest, by hand: nothing measured the steps, people reviewed, the log came from a file. */
export const EARNEST: Drill = {
  incident: {
    ...INCIDENT,
    madeAt: '2026-01-15T12:40:00.000000Z',
    statement: { ...DELETE, recordedAt: null },
    transaction: { kind: 'autocommit', beganAt: null, committedAt: DELETE.executedAt },
    effect: {
      earliestAt: '2026-01-15T10:02:14.120000Z',
      latestAt: DELETE.executedAt,
      basis: 'autocommit statement, stamped at its end; the connection’s previous record bounds it',
    },
    restoreTo: '2026-01-15T10:02:14Z',
    recordTime: null,
    lostWrites: {
      beforeEffect: { transactions: 0, statements: 0, firstAt: null, lastAt: null, groups: [] },
      afterEffect: { ...INCIDENT.lostWrites.afterEffect, lastAt: '2026-01-15T11:58:00Z' },
    },
    coverage: {
      ...INCIDENT.coverage,
      source: 'audit-trading-1.log.gz',
      completeUntil: null,
      until: '2026-01-15T11:58:00Z',
      unparsed: 3,
      warnings: ['no record of instance trading-2 between 10:00:00 and 10:30:00'],
    },
  },
  restorePlan: {
    ...RESTORE_PLAN,
    madeAt: '2026-01-15T12:44:10.000000Z',
    restoreTo: '2026-01-15T10:02:14Z',
    clusters: [{ ...PLANNED, dataAt: '2026-01-15T10:02:14Z' }],
  },
  verification: {
    ...VERIFICATION,
    startedAt: '2026-01-15T15:20:11.000000Z',
    madeAt: '2026-01-15T15:20:13.300000Z',
  },
  repointPlan: { ...REPOINT_PLAN, madeAt: '2026-01-15T15:31:00.000000Z' },
};

/** Everything that a name, a statement or a message could try. */
export const HOSTILE_TEXT = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '| a | b |',
  '`code` ``more``',
  '@team @org/owners',
  '#12 org/repo#34 GH-56',
  ']]> --> */ </style></svg>',
  '[link](javascript:alert(1)) ![x](http://evil.example/x.png) www.evil.example',
  ':rocket: $x$ **bold** __init__ ~~gone~~',
  '\u202Eesrever\u202C \u200Bhidden\u0007',
  '"double" \'single\' &amp; \\| \\`',
  '%%{init: {}}%% ; section click',
].join(' ');

const HOSTILE_STATEMENT: Incident['statement'] = {
  ...DELETE,
  user: HOSTILE_TEXT,
  host: HOSTILE_TEXT,
  database: HOSTILE_TEXT,
  serverHost: HOSTILE_TEXT,
  connectionId: '`|',
  queryId: '|`',
  sql: `DELETE FROM accounts /*\n# heading\n- list\n\`\`\`\`\n</code></pre>\n${HOSTILE_TEXT} */`,
  tables: [HOSTILE_TEXT],
};

export const HOSTILE: Drill = {
  incident: {
    ...INCIDENT,
    cluster: HOSTILE_TEXT,
    statement: HOSTILE_STATEMENT,
    candidates: [HOSTILE_STATEMENT, HOSTILE_STATEMENT],
    effect: { ...INCIDENT.effect, basis: HOSTILE_TEXT },
    lostWrites: {
      ...INCIDENT.lostWrites,
      beforeEffect: {
        ...INCIDENT.lostWrites.beforeEffect,
        groups: INCIDENT.lostWrites.beforeEffect.groups.map((group) => ({
          ...group,
          table: HOSTILE_TEXT,
          user: HOSTILE_TEXT,
          kind: HOSTILE_TEXT,
        })),
      },
    },
    coverage: {
      ...INCIDENT.coverage,
      source: HOSTILE_TEXT,
      serverHosts: [HOSTILE_TEXT],
      warnings: [HOSTILE_TEXT, `\n## ${HOSTILE_TEXT}`, `- ${HOSTILE_TEXT}`],
    },
  },
  restorePlan: {
    ...RESTORE_PLAN,
    clusters: [
      {
        ...PLANNED,
        method: { kind: 'point-in-time', reason: HOSTILE_TEXT },
        loses: HOSTILE_TEXT,
        source: { ...PLANNED.source, clusterIdentifier: HOSTILE_TEXT, endpoint: HOSTILE_TEXT },
        restored: {
          ...PLANNED.restored,
          clusterIdentifier: HOSTILE_TEXT,
          tags: { [HOSTILE_TEXT]: HOSTILE_TEXT },
        },
        differences: [HOSTILE_TEXT, `1. ${HOSTILE_TEXT}`],
      },
    ],
  },
  verification: {
    ...VERIFICATION,
    verdict: 'fail',
    clusters: [
      {
        ...VERIFIED,
        verdict: 'fail',
        checks: [
          { name: HOSTILE_TEXT, title: HOSTILE_TEXT, verdict: 'fail', evidence: [HOSTILE_TEXT], tookMs: 1 },
        ],
        notProven: [HOSTILE_TEXT],
      },
    ],
  },
  repointPlan: {
    ...REPOINT_PLAN,
    targets: [
      {
        kind: 'ssm-parameter',
        name: HOSTILE_TEXT,
        type: 'String',
        oldValue: HOSTILE_TEXT,
        newValue: HOSTILE_TEXT,
      },
    ],
  },
  timeline: {
    ...TIMELINE,
    steps: STEPS.map((step) => ({ ...step, name: HOSTILE_TEXT, command: HOSTILE_TEXT, result: 'failed' })),
    observations: [{ at: MADE_AT, text: HOSTILE_TEXT }],
  },
};

export type { Incident, RepointPlan, RestorePlan };
