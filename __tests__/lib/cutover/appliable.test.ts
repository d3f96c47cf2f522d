import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkRepointAppliable, checkSameChecks, checkVerified } from '../../../lib/cutover/appliable';
import { readChecksFile } from '../../../lib/cutover/checks-file';
import { sha256Of } from '../../../lib/artefacts/artefact';
import type { Verification } from '../../../lib/artefacts/verification';
import { dnsTarget, failedVerification, repointPlan, target, verification, verifiedCluster } from './facts';

const managed = (name: string): { kind: 'ssm-parameter'; name: string } => ({ kind: 'ssm-parameter', name });

describe('checkRepointAppliable', () => {
  test.each([
    ['forward onto a verified database', repointPlan(), verification(), [], 'accepted'],
    ['forward onto one that failed', repointPlan(), failedVerification(), [], 'not-verified'],
    ['forward without any verification', repointPlan(), undefined, [], 'not-verified'],
    [
      'forward for a reason given',
      repointPlan({ overriddenVerification: { reason: 'no network to it', instead: 'none' } }),
      undefined,
      [],
      'accepted',
    ],
    [
      'where a DNS record has the name of a parameter that was dropped',
      repointPlan({ targets: [dnsTarget({ name: 'db' })] }),
      verification(),
      [managed('db')],
      'target-dropped',
    ],
    ['back, verified or not', repointPlan({ direction: 'back' }), failedVerification(), [], 'accepted'],
    ['again', repointPlan(), verification(), [managed('/trading/db/host')], 'accepted'],
    [
      'with a further target',
      repointPlan({ targets: [target('/trading/db/host'), target('/batch/db/host')] }),
      verification(),
      [managed('/trading/db/host')],
      'accepted',
    ],
    [
      'without an earlier target',
      repointPlan(),
      verification(),
      [managed('/batch/db/host')],
      'target-dropped',
    ],
  ])('answers for a repoint %s', (_, plan, verified, managed, expected) => {
    const outcome = checkRepointAppliable(plan, verified, managed);
    expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe(expected);
  });

  test('names the checks that failed and the targets that were dropped', () => {
    expect(checkRepointAppliable(repointPlan(), failedVerification(), [])).toMatchObject({
      refusal: { message: "the verification of drill 'd' failed: damage-absent" },
    });
    expect(checkRepointAppliable(repointPlan(), verification(), [managed('/batch/db/host')])).toMatchObject({
      refusal: {
        hint: 'plan again with --ssm-parameter /batch/db/host as well, as it was: nothing but a host',
      },
    });
  });

  test('stays shut for all clusters where one of them failed, and names that one', () => {
    const checks = [{ name: 'row-counts', title: 't', verdict: 'fail' as const, evidence: [], tookMs: 1 }];
    const ledger = verifiedCluster({ source: 'ledger', verdict: 'fail', checks });
    const verified = verification({ verdict: 'fail', clusters: [verifiedCluster(), ledger] });
    expect(checkVerified('d', verified)).toMatchObject({
      refusal: {
        reason: 'not-verified',
        message: "the verification of drill 'd' failed: ledger: row-counts",
      },
    });
  });
});

describe('a pass of the checks of the team', () => {
  const before = process.cwd();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'checks-file-'));
  beforeAll(() => {
    process.chdir(folder);
    writeFileSync('restore-checks.yaml', 'checks: []');
    writeFileSync('mine.yaml', 'checks: []');
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  const own = (file: string, text: string): Partial<Verification> => ({
    ownChecks: { file, sha256: sha256Of(text) },
  });

  test.each<[string, Partial<Verification>, string | undefined, string?]>([
    ['as they are', own('restore-checks.yaml', 'checks: []'), undefined],
    ['in a file of another name as it is', own('mine.yaml', 'checks: []'), undefined],
    [
      'before they were changed',
      own('mine.yaml', 'old'),
      'mine.yaml was changed since',
      ' --checks mine.yaml',
    ],
    ['before they were added', {}, 'restore-checks.yaml was added since', ''],
    ['that are gone', own('gone.yaml', 'old'), 'gone.yaml is gone since', ''],
    ['that failed, which is told of as such', { ...own('mine.yaml', 'old'), verdict: 'fail' }, undefined],
  ])('%s', (_, over, expected, option = '') => {
    const verified = verification(over);
    const outcome = checkSameChecks('d', verified, readChecksFile(verified));
    expect(outcome.ok ? undefined : outcome.refusal).toEqual(
      expected && {
        reason: 'stale-verification',
        message: `the verification of drill 'd' is of 2026-01-08T11:00:00Z, and ${expected}`,
        hint: `verify again: npm run verify -- --drill d${option}`,
      },
    );
  });
});
