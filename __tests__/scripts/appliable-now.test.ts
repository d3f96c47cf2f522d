import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { renderArtefact, sha256Of } from '../../lib/artefacts/artefact';
import type { GuardedPlan } from '../../lib/terraform/guarded-plan';
import { requireAppliableNow } from '../../scripts/apply/appliable-now';
import { repointPlan, restorePlan, verification } from '../lib/cutover/facts';
import { incident } from '../lib/plan/facts';

jest.mock('../../scripts/repoint/restored', () => ({ fetchRestored: () => Promise.resolve([]) }));

const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), 'appliable-now-'));

beforeAll(() => {
  process.chdir(folder);
  mkdirSync('drills/d', { recursive: true });
  mockClient(STSClient).on(GetCallerIdentityCommand).resolves({
    Account: restorePlan().account,
    Arn: 'arn:aws:iam::123456789012:user/x',
    UserId: 'x',
  });
  const write = (file: string, text: string): string => {
    writeFileSync(`drills/d/${file}`, text);
    return sha256Of(text);
  };
  const ofIncident = write('incident.json', renderArtefact(incident('2026-01-08T10:12:13Z')));
  const plan = { ...restorePlan(), madeFrom: { 'incident.json': ofIncident } };
  const madeFrom = {
    'incident.json': ofIncident,
    'restore-plan.json': write('restore-plan.json', renderArtefact(plan)),
  };
  write('verification.json', renderArtefact(verification({ madeFrom })));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test('a repoint that was guarded before the checks of the team were added is not applied', async () => {
  const apply = (over = {}): Promise<void> =>
    requireAppliableNow({ kind: 'repoint', restore: restorePlan(), repoint: repointPlan(over) }, {
      creates: { clusters: [], instances: [] },
    } as unknown as GuardedPlan);
  await expect(apply()).resolves.toBeUndefined();

  writeFileSync('restore-checks.yaml', 'checks: []');

  await expect(apply()).rejects.toMatchObject({ refusal: { reason: 'stale-verification' } });
  await expect(apply({ direction: 'back' })).resolves.toBeUndefined();
});
