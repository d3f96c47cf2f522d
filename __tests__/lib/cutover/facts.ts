import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { RepointPlan } from '../../../lib/artefacts/repoint-plan';
import type { RestorePlan } from '../../../lib/artefacts/restore-plan';
import type { Verification, VerifiedCluster } from '../../../lib/artefacts/verification';
import type { FoundTarget, RepointFacts } from '../../../lib/cutover/plan-repoint';
import { at, restorePlan as planOf } from '../plan/facts';

export const sourceEndpoint = 'trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const sourceReader = 'trading.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const restoredEndpoint = 'trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const restoredReader = 'trading-d.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com';

export function restorePlan(): RestorePlan {
  return planOf();
}

export function verifiedCluster(over: Partial<VerifiedCluster> = {}): VerifiedCluster {
  return {
    source: 'trading',
    restored: {
      clusterIdentifier: 'trading-d',
      endpoint: restoredEndpoint,
      readerEndpoint: restoredReader,
      port: 3307,
    },
    verdict: 'pass',
    checks: [{ name: 'damage-absent', title: 'the rows are back', verdict: 'pass', evidence: [], tookMs: 5 }],
    notProven: [],
    ...over,
  };
}

export function verification(over: Partial<Verification> = {}): Verification {
  return {
    schemaVersion: ARTEFACTS.verification.version,
    drill: 'd',
    madeAt: '2026-01-08T11:00:00Z',
    madeFrom: { 'incident.json': 'a'.repeat(64), 'restore-plan.json': 'b'.repeat(64) },
    startedAt: '2026-01-08T10:59:00Z',
    tookMs: 60_000,
    verdict: 'pass',
    clusters: [verifiedCluster()],
    ...over,
  };
}

export function failedVerification(): Verification {
  return verification({
    verdict: 'fail',
    clusters: [
      verifiedCluster({
        verdict: 'fail',
        checks: [
          { name: 'damage-absent', title: 'the rows are back', verdict: 'fail', evidence: [], tookMs: 5 },
        ],
      }),
    ],
  });
}

export function repointPlan(over: Partial<RepointPlan> = {}): RepointPlan {
  return {
    schemaVersion: ARTEFACTS.repointPlan.version,
    drill: 'd',
    madeAt: '2026-01-08T11:05:00Z',
    madeFrom: { 'restore-plan.json': 'b'.repeat(64), 'verification.json': 'c'.repeat(64) },
    account: '123456789012',
    region: 'eu-central-1',
    direction: 'forward',
    targets: [target('/trading/db/host')],
    ...over,
  };
}

type Target<K extends RepointPlan['targets'][number]['kind']> = RepointPlan['targets'][number] & { kind: K };

export function target(name: string, over: Partial<Target<'ssm-parameter'>> = {}): Target<'ssm-parameter'> {
  return {
    kind: 'ssm-parameter',
    name,
    type: 'String',
    oldValue: sourceEndpoint,
    newValue: restoredEndpoint,
    ...over,
  };
}

export function dnsTarget(over: Partial<Target<'dns-record'>> = {}): Target<'dns-record'> {
  return {
    kind: 'dns-record',
    name: 'db.example.internal',
    zoneId: 'Z1',
    ttlSeconds: 30,
    oldValue: sourceEndpoint,
    newValue: restoredEndpoint,
    ...over,
  };
}

export function secretTarget(over: Partial<Target<'secret'>> = {}): Target<'secret'> {
  return {
    kind: 'secret',
    name: 'prod/trading/db',
    key: 'host',
    version: 'v1',
    oldValue: sourceEndpoint,
    newValue: restoredEndpoint,
    ...over,
  };
}

export function configurationTarget(over: Partial<Target<'appconfig'>> = {}): Target<'appconfig'> {
  return {
    kind: 'appconfig',
    name: 'trading/prod/database',
    key: '/database/host',
    applicationId: 'app1',
    environmentId: 'env1',
    profileId: 'prof1',
    deploymentStrategy: 'AppConfig.AllAtOnce',
    version: '1',
    oldValue: sourceEndpoint,
    newValue: restoredEndpoint,
    ...over,
  };
}

/** An SSM parameter as SSM shows it. */
export function foundParameter(value: string, type = 'String', name = '/trading/db/host'): FoundTarget {
  return { kind: 'ssm-parameter', name, type, document: { text: value, format: 'text', version: '1' } };
}

export function repointFacts(over: Partial<RepointFacts> = {}): RepointFacts {
  return {
    restorePlan: restorePlan(),
    restorePlanSha256: 'b'.repeat(64),
    verification: { value: verification(), sha256: 'c'.repeat(64) },
    override: undefined,
    restored: [verifiedCluster().restored],
    account: '123456789012',
    region: 'eu-central-1',
    found: [foundParameter(sourceEndpoint)],
    previous: undefined,
    now: at('2026-01-08T11:05:00Z'),
    ...over,
  };
}
