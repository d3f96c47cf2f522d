import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ARTEFACTS, renderArtefact, sha256Of, type ArtefactKind } from '../../lib/artefacts/artefact';
import { ABORTED, DRILL, filesOf, PASSED, type Drill } from '../lib/report/fixtures';

jest.setTimeout(20 * 60_000);

const tsx = pathToFileURL(require.resolve('tsx')).href;
const directory = mkdtempSync(path.join(tmpdir(), 'report-command-'));
let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(directory, 'project-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('npm run report', () => {
  test('writes both reports beside the artefacts, and says where they are', async () => {
    write(DRILL, PASSED);
    const { exitCode, stdout, stderr } = await report('--drill', DRILL);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`drill ${DRILL}: passed: the application runs on the restored cluster\n`);
    const html = readFileSync(inDrill('report.html'), 'utf8');
    const markdown = readFileSync(inDrill('report.md'), 'utf8');
    expect(stdout).toBe(
      `${sha256Of(html)}  ${inDrill('report.html')}\n${sha256Of(markdown)}  ${inDrill('report.md')}\n`,
    );
    expect(html).toContain('The application runs on the restored cluster');
    expect(markdown).toContain(sha256Of(html));
    expect(readdirSync(inDrill('.')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('takes the only drill there is, and prints the model alone as JSON', async () => {
    write(DRILL, ABORTED);
    const { exitCode, stdout } = await report('--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      drill: DRILL,
      outcome: { kind: 'interrupted' },
      absent: [{ file: 'verification.json' }, { file: 'repoint-plan.json' }],
    });
    expect(readdirSync(inDrill('.'))).toEqual(expect.arrayContaining(['report.html', 'report.md']));
  });

  test('goes red where a target is missed, and writes the report all the same', async () => {
    write(DRILL, PASSED);
    writeFileSync(path.join(project, 'restore-drill.yaml'), 'targets: { rto: 1m, rpo: 1h }\n');
    const { exitCode, stderr } = await report('--drill', DRILL);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^refused: drill '.*' missed its target: RTO .*, target .*: missed$/m);
    expect(readFileSync(inDrill('report.md'), 'utf8')).toContain('## Targets and trend');
  });

  test('refuses an artefact with one changed byte, and leaves the report as it was', async () => {
    write(DRILL, PASSED);
    await report('--drill', DRILL);
    const before = readFileSync(inDrill('report.md'), 'utf8');
    const plan = inDrill('restore-plan.json');
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('10:02:16Z', '10:02:17Z'));
    const { exitCode, stderr } = await report('--drill', DRILL);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('restore-plan.json was changed after it was written');
    expect(readFileSync(inDrill('report.md'), 'utf8')).toBe(before);
  });

  test('does not count what was made from an incident that has been replaced since', async () => {
    write(DRILL, PASSED);
    const { incident } = filesOf(ABORTED);
    if (!incident.ok) throw new Error('the fixture has an incident');
    writeFileSync(inDrill('incident.json'), renderArtefact({ ...incident.value.value, cluster: 'another' }));
    const { exitCode, stdout } = await report('--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: { kind: 'unfinished' },
      absent: [
        { file: 'restore-plan.json', reason: 'stale' },
        { file: 'verification.json', reason: 'stale' },
        { file: 'repoint-plan.json', reason: 'stale' },
      ],
    });
  });

  test.each([
    ['no drill at all', [], 3, /there is no drill/],
    ['a drill without artefacts', ['--drill', 'empty'], 4, /drill 'empty' has no artefacts yet/],
    ['a drill that is not there', ['--drill', 'nowhere'], 4, /drill 'nowhere' has no artefacts yet/],
    ['a path for a drill', ['--drill', '../etc'], 3, /'..\/etc' is not a drill id/],
    ['an option that it does not know', ['--format', 'pdf'], 2, /unknown option '--format'/],
  ])('with %s writes nothing', async (what, args, expected, message) => {
    if (what === 'a drill without artefacts')
      mkdirSync(path.join(project, 'drills', 'empty'), { recursive: true });
    const { exitCode, stdout, stderr } = await report(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(
      readdirSync(project, { recursive: true }).filter((name) => String(name).includes('report')),
    ).toEqual([]);
  });

  test('shows an example', async () => {
    const { exitCode, stdout } = await report('--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('npm run report -- --drill rehearsal-');
  });
});

describe('npm run comment', () => {
  test('holds the drill against the targets, and among its earlier ones', async () => {
    write(DRILL, PASSED);
    write('earlier', earlierThan(PASSED));
    writeFileSync(path.join(project, 'restore-drill.yaml'), 'targets: { rto: 1m, rpo: 1h }\n');
    const { exitCode, stdout } = await run('scripts/write-comment.ts', '--drill', DRILL);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('passed, target missed');
    expect(stdout).toMatch(/target 1 min: ✘ [*]{2}MISSED.*target 1 h: ✔ met/);
    expect(stdout).toMatch(/<summary>Targets and trend<\/summary>[^]*\| `earlier` \| 2026-01-14 \| passed/);
  });
});

/** The same drill on the day before. */
function earlierThan(drill: Drill): Drill {
  const text = JSON.stringify(drill).replaceAll('2026-01-15', '2026-01-14').replaceAll(DRILL, 'earlier');
  return JSON.parse(text) as Drill;
}

function inDrill(file: string): string {
  return path.join(project, 'drills', DRILL, file);
}

function write(drill: string, artefacts: Drill): void {
  const folder = path.join(project, 'drills', drill);
  mkdirSync(folder, { recursive: true });
  for (const [kind, stored] of Object.entries(filesOf(artefacts))) {
    if (!stored.ok) continue;
    writeFileSync(
      path.join(folder, ARTEFACTS[kind as ArtefactKind].file),
      renderArtefact(stored.value.value),
    );
  }
}

interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function report(...args: readonly string[]): Promise<Result> {
  return run('scripts/write-report.ts', ...args);
}

function run(script: string, ...args: readonly string[]): Promise<Result> {
  const { DRILL: _drill, ...env } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', tsx, path.resolve(script), ...args],
      { cwd: project, env },
      (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? 1, stdout, stderr });
      },
    );
  });
}
