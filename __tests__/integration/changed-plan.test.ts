import { readFileSync, writeFileSync } from 'node:fs';
import { microsFromMillis } from '../../lib/time';
import { verification } from '../lib/cutover/facts';
import { incident, planned, sourceCluster } from '../lib/plan/facts';
import { DrillProject } from './drill-project';

jest.setTimeout(20 * 60_000);

const project = new DrillProject('d');
const NOWHERE = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-central-1' };

beforeAll(() => {
  // whoever goes on in spite of the change meets nothing, and says so instead of refusing
  project.env = { ...NOWHERE, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const incidentSha256 = project.write('incident', incident('2026-01-08T10:12:13Z'));
  const source = sourceCluster({ backupRetentionDays: 35_000 });
  const plan = planned({ incidentSha256, source, now: microsFromMillis(Date.now()) });
  const planSha256 = project.write('restorePlan', plan);
  project.write('verification', {
    ...verification(),
    madeFrom: { 'incident.json': incidentSha256, 'restore-plan.json': planSha256 },
  });
  const file = project.path('restore-plan.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"port": 3307', '"port": 3308'));
});
afterAll(() => {
  project.remove();
});

test.each([
  ['plan-restore', '--show'],
  ['guard-plan', '--stack', 'restore'],
  ['guard-plan', '--stack', 'restore', '--destroy'],
  ['apply', '--stack', 'restore'],
  ['verify-restore'],
  ['plan-repoint', '--ssm-parameter', '/trading/db/host'],
  ['fence', '--by', 'revoke', '--user', 'app', '--execute'],
  ['swap-names', '--execute'],
  ['undo', '--execute'],
  ['retire', '--execute'],
  ['backtrack', '--execute', '--yes-rewind', 'trading'],
  ['write-report'],
  ['guard-plan', '--stack', 'repoint'],
  ['guard-plan', '--plan-json', 'plan.json'],
  ['apply', '--stack', 'restore', '--destroy'],
  ['apply', '--stack', 'repoint'],
  ['arrival'],
])('a restore plan with one byte changed is refused by %s', async (script, ...args) => {
  const { exitCode, stderr } = await project.script(script, '--drill', 'd', ...args);
  expect(stderr).toMatch(/^refused: restore-plan.json was changed after it was written/m);
  expect(exitCode).toBe(3);
});

test('the comment, which is there to tell people, tells that it is refused', async () => {
  const { stdout, stderr } = await project.script('write-comment', '--drill', 'd');
  expect(stderr).toMatch(/^refused: restore-plan.json was changed after it was written/m);
  expect(stdout).toMatch(/^## Restore drill d: refused$/m);
  expect(stdout).toContain('Do not approve anything');
});

test('nor is its drill listed', async () => {
  const { stderr } = await project.script('list-drills');
  expect(stderr).toContain('d is left out: restore-plan.json was changed after it was written');
});

test('nor can the stacks be synthesized', async () => {
  const { exitCode, stderr } = await project.synthesize();
  expect(stderr).toContain('restore-plan.json was changed after it was written');
  expect(exitCode).toBe(3);
});
