import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDrill, readArtefact, writeArtefact, type StoredArtefact } from '../../lib/artefact-files';
import type { Timeline } from '../../lib/artefacts/timeline';
import type { Verification } from '../../lib/artefacts/verification';
import { parseArtefact, renderArtefact, sha256Of } from '../../lib/artefacts/artefact';

const TIMELINE: Omit<Timeline, 'schemaVersion'> = {
  drill: 'spring',
  madeAt: '2026-01-02T03:04:05Z',
  startedAt: '2026-01-02T03:04:05Z',
  steps: [],
  observations: [{ at: '2026-01-02T03:04:06Z', text: 'the application writes to 127.0.0.2' }],
};

const before = process.cwd();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'artefacts-'));
  process.chdir(directory);
});

afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

const verificationOf = (incident: string, plan: string): Omit<Verification, 'schemaVersion'> => ({
  drill: 'spring',
  madeAt: '2026-01-02T03:04:05Z',
  madeFrom: { 'incident.json': incident, 'restore-plan.json': plan },
  startedAt: '2026-01-02T03:04:05Z',
  tookMs: 5,
  verdict: 'pass',
  clusters: [
    {
      source: 's',
      restored: { clusterIdentifier: 'c', endpoint: 'e', readerEndpoint: null, port: 3306 },
      verdict: 'pass',
      checks: [{ name: 'n', title: 't', verdict: 'pass', evidence: [], tookMs: 1 }],
      notProven: [],
    },
  ],
});

describe('an artefact', () => {
  it('is read back as it was written', () => {
    const written = writeArtefact('spring', 'timeline', TIMELINE);
    expect(readArtefact('spring', 'timeline')).toEqual({ ok: true, value: written });
    expect(written.sha256).toBe(sha256Of(readFileSync(written.path, 'utf8')));
  });

  it('leaves no file aside', () => {
    writeArtefact('spring', 'timeline', TIMELINE);
    expect(readdirSync('drills/spring')).toEqual(['timeline.json']);
  });

  it('is refused after any one byte of it was changed', () => {
    const { path: file } = writeArtefact('spring', 'timeline', TIMELINE);
    const text = readFileSync(file, 'utf8');
    for (let at = 0; at < text.length; at += 1) {
      const changed = text[at] === '1' ? '2' : '1';
      writeFileSync(file, text.slice(0, at) + changed + text.slice(at + 1));
      expect(readArtefact('spring', 'timeline')).toMatchObject({ ok: false });
    }
    writeFileSync(file, `${text}\n`);
    expect(readArtefact('spring', 'timeline')).toMatchObject({
      ok: false,
      refusal: { reason: 'changed-artefact' },
    });
  });

  it('that is not there names the command that makes it', () => {
    expect(readArtefact('spring', 'restorePlan')).toMatchObject({
      ok: false,
      refusal: { reason: 'missing-artefact', hint: "make it with 'npm run plan -- --drill spring'" },
    });
  });

  it('of an earlier schema version is refused, with how to make it anew', () => {
    expect(parseArtefact('restorePlan', renderArtefact({ schemaVersion: 1, drill: 'spring' }))).toEqual({
      ok: false,
      refusal: {
        reason: 'unknown-schema-version',
        message: 'restore-plan.json has schema version 1, expected 2',
        hint: "make it again with 'npm run plan', and have it reviewed again",
      },
    });
  });

  it('of a later schema version is refused by its number', () => {
    const { path: file } = writeArtefact('spring', 'timeline', TIMELINE);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"schemaVersion": 1', '"schemaVersion": 9'));
    expect(readArtefact('spring', 'timeline')).toMatchObject({
      ok: false,
      refusal: {
        reason: 'unknown-schema-version',
        message: 'timeline.json has schema version 9, expected 1',
      },
    });
  });

  it.each(['repoint-journal.json', 'swap.json', 'fence.json'] as const)(
    'is to come back from git where it is %s, which no step can make again',
    (file) => {
      const kind = (
        { 'repoint-journal.json': 'repointJournal', 'swap.json': 'swap', 'fence.json': 'fence' } as const
      )[file];
      mkdirSync('drills/spring', { recursive: true });
      writeFileSync(`drills/spring/${file}`, '{"schemaVersion":1,"drill":"spr');
      const read = readArtefact('spring', kind);
      expect(read).toMatchObject({
        refusal: {
          reason: 'not-json',
          hint: expect.stringContaining(`git log -- 'drills/*/${file}', then git checkout COMMIT`) as string,
        },
      });
      expect(JSON.stringify(read)).not.toContain('make it again');
    },
  );

  it('cannot be written with a field that its schema does not know', () => {
    expect(() =>
      writeArtefact('spring', 'timeline', { ...TIMELINE, password: 'x' } as typeof TIMELINE),
    ).toThrow('password');
  });

  it('is stale once a file that it was made from has been replaced', () => {
    mkdirSync('drills/spring', { recursive: true });
    writeFileSync('drills/spring/incident.json', 'an incident');
    writeFileSync('drills/spring/restore-plan.json', 'a plan');
    const fresh: StoredArtefact<'verification'> = writeArtefact(
      'spring',
      'verification',
      verificationOf(sha256Of('an incident'), sha256Of('a plan')),
    );
    expect(readArtefact('spring', 'verification')).toEqual({ ok: true, value: fresh });
    writeFileSync('drills/spring/restore-plan.json', 'another plan');
    expect(readArtefact('spring', 'verification')).toMatchObject({
      ok: false,
      refusal: { reason: 'stale-artefact' },
    });
  });
});

describe('the drill that is meant', () => {
  it('is the one that is named', () => {
    expect(findDrill('autumn')).toEqual({ ok: true, value: 'autumn' });
  });

  it('is the only one there is', () => {
    mkdirSync('drills/spring', { recursive: true });
    expect(findDrill(undefined)).toEqual({ ok: true, value: 'spring' });
  });

  it('is asked for when there are several, with a list of them', () => {
    mkdirSync('drills/spring', { recursive: true });
    mkdirSync('drills/autumn', { recursive: true });
    expect(findDrill('')).toEqual({
      ok: false,
      refusal: {
        reason: 'several-drills',
        message: 'there are 2 drills: autumn, spring',
        hint: 'say which one is meant, such as DRILL=autumn',
      },
    });
  });

  it('is missing when there is none', () => {
    expect(findDrill(undefined)).toMatchObject({ ok: false, refusal: { reason: 'no-drill' } });
  });

  it.each(['../etc', 'Spring', '-x', 'x-', 'a'.repeat(41), 'a b'])('is never %j', (name) => {
    expect(findDrill(name)).toMatchObject({ ok: false, refusal: { reason: 'invalid-drill-id' } });
  });
});
