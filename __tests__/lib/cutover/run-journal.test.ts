import type { RepointJournal } from '../../../lib/artefacts/repoint-journal';
import type { RepointPlan } from '../../../lib/artefacts/repoint-plan';
import type { Document } from '../../../lib/cutover/edit-document';
import { byDocument } from '../../../lib/cutover/journal-targets';
import { moveBeganAt, runJournal, type DocumentStore } from '../../../lib/cutover/run-journal';
import { accept, refuse } from '../../../lib/errors';
import { at } from '../plan/facts';
import {
  configurationTarget,
  dnsTarget,
  repointPlan,
  restoredEndpoint,
  restoredReader,
  secretTarget,
  sourceEndpoint,
  sourceReader,
  target,
} from './facts';

const SHA = 'a'.repeat(64);
const TEXT = `{"password":"s3cret","host":"${sourceEndpoint}","reader":"jdbc:mysql://${sourceReader}:3306/x"}`;

/** Documents in memory, each write a new version; the machine may die at any write. */
class Memory {
  readonly documents = new Map<string, Document>();
  readonly tokens: string[] = [];
  runs: RepointJournal['runs'] = [];
  diesBefore: string | undefined;
  diesAfter: string | undefined;

  hold(name: string, text: string, version = 'v1'): void {
    this.documents.set(name, { text, format: 'json', version });
  }

  store(name: string): DocumentStore {
    return {
      fetch: () => {
        const document = this.documents.get(name);
        return Promise.resolve(
          document === undefined ? refuse({ reason: 'gone', message: 'gone', hint: '' }) : accept(document),
        );
      },
      put: (text, token) => {
        if (this.diesBefore === name) throw new Error('killed');
        this.tokens.push(token);
        this.hold(name, text, 'v2');
        if (this.diesAfter === name) throw new Error('killed');
        return Promise.resolve(accept('v2'));
      },
    };
  }

  run(plan: RepointPlan, planSha256 = SHA): ReturnType<typeof runJournal> {
    return runJournal({
      plan,
      planSha256,
      journal:
        this.runs.length === 0
          ? undefined
          : { schemaVersion: 1, drill: 'd', madeAt: '2026-01-08T11:00:00Z', runs: this.runs },
      open: ({ name }) => this.store(name),
      keep: (runs) => {
        this.runs = runs;
      },
      now: () => at('2026-01-08T11:06:00Z'),
      onProgress: () => undefined,
    });
  }

  text(name: string): string | undefined {
    return this.documents.get(name)?.text;
  }
}

const secrets = (): RepointPlan =>
  repointPlan({
    targets: [
      target('/trading/db/host'),
      dnsTarget(),
      secretTarget(),
      secretTarget({ key: 'reader', oldValue: sourceReader, newValue: restoredReader }),
      configurationTarget({ version: 'v1' }),
    ],
  });

function started(): Memory {
  const memory = new Memory();
  memory.hold('prod/trading/db', TEXT);
  memory.hold('trading/prod/database', `{"database":{"host":"${sourceEndpoint}"}}`);
  return memory;
}

const MOVED = TEXT.replace(sourceEndpoint, restoredEndpoint).replace(sourceReader, restoredReader);

describe('runJournal', () => {
  test('leaves to Terraform what is its own, and joins what lies in one document', () => {
    expect(byDocument(secrets()).map((targets) => targets.map(({ name }) => name))).toEqual([
      ['prod/trading/db', 'prod/trading/db'],
      ['trading/prod/database'],
    ]);
  });

  test('replaces the hosts alone, with one write for each document, and keeps no text', async () => {
    const memory = started();
    expect(await memory.run(secrets())).toMatchObject({ ok: true });
    expect(memory.text('prod/trading/db')).toBe(MOVED);
    expect(memory.tokens).toHaveLength(2);
    expect(memory.runs).toEqual([
      {
        plan: SHA,
        direction: 'forward',
        plannedAt: '2026-01-08T11:05:00Z',
        startedAt: '2026-01-08T11:06:00.000000Z',
        endedAt: '2026-01-08T11:06:00.000000Z',
        steps: [
          {
            name: 'secret prod/trading/db',
            beganAt: '2026-01-08T11:06:00.000000Z',
            endedAt: '2026-01-08T11:06:00.000000Z',
            version: 'v2',
          },
          expect.objectContaining({ name: 'AppConfig trading/prod/database', version: 'v2' }),
        ],
      },
    ]);
    expect(JSON.stringify(memory.runs)).not.toContain('s3cret');
  });

  test.each(['diesBefore', 'diesAfter'] as const)(
    'is finished by the next run where it %s a write',
    async (dies) => {
      for (const name of ['prod/trading/db', 'trading/prod/database']) {
        const memory = started();
        memory[dies] = name;
        await expect(memory.run(secrets())).rejects.toThrow('killed');
        expect(memory.runs).toMatchObject([{ endedAt: null }]);
        memory[dies] = undefined;
        expect(await memory.run(secrets())).toMatchObject({ ok: true });
        expect(memory.text('prod/trading/db')).toBe(MOVED);
        expect(memory.runs).toHaveLength(1);
        expect(memory.runs[0]?.steps.map(({ endedAt }) => endedAt)).not.toContain(null);
        expect(memory.tokens).toHaveLength(2);
      }
    },
  );

  test('writes nothing where all is done', async () => {
    const memory = started();
    await memory.run(secrets());
    const { runs } = memory;
    expect(await memory.run(secrets())).toMatchObject({ ok: true });
    expect(memory.tokens).toHaveLength(2);
    expect(memory.runs).toEqual(runs);
  });

  test('takes the old hosts back by a later plan, and keeps both runs', async () => {
    const memory = started();
    await memory.run(secrets());
    const back = repointPlan({
      direction: 'back',
      targets: [
        secretTarget({ version: 'v2' }),
        secretTarget({ key: 'reader', oldValue: sourceReader, newValue: restoredReader, version: 'v2' }),
      ],
    });
    expect(await memory.run(back, 'b'.repeat(64))).toMatchObject({ ok: true });
    expect(memory.text('prod/trading/db')).toBe(TEXT);
    expect(memory.runs.map(({ direction }) => direction)).toEqual(['forward', 'back']);
    expect(new Set(memory.tokens).size).toBe(3);
  });

  test.each([
    ['changed-since-planned', TEXT.replace('s3cret', 'n3w'), 'v9'],
    ['unexpected-value', '{"host":"other.example.com","reader":"x"}', 'v9'],
    ['no-such-value', '{"password":"s3cret"}', 'v9'],
  ])('refuses %s, and writes nothing', async (reason, text, version) => {
    const memory = started();
    memory.hold('prod/trading/db', text, version);
    const outcome = await memory.run(secrets());
    expect(outcome).toMatchObject({ ok: false, refusal: { reason } });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(memory.tokens).toEqual([]);
  });
});

test.each<[string, ('forward' | 'back')[], string | undefined]>([
  ['nothing was carried out', [], undefined],
  ['it is the first move', ['forward', 'forward'], undefined],
  ['the way back took two plans', ['forward', 'back', 'back'], '2026-01-08T11:00:01Z'],
  ['it goes forward again', ['forward', 'back', 'forward'], '2026-01-08T11:00:02Z'],
])('a move begins when it was first planned, where %s', (_, directions, expected) => {
  const runs = directions.map((direction, i) => ({
    plan: SHA,
    direction,
    plannedAt: `2026-01-08T11:00:0${i}Z`,
    startedAt: '2026-01-08T11:01:00Z',
    endedAt: null,
    steps: [],
  }));
  expect(moveBeganAt(runs)).toBe(expected);
});

test('what was done, and undone by hand since, is written anew: under the token of before it would be no write', async () => {
  const memory = new Memory();
  const plan = repointPlan({ targets: [secretTarget()] });
  const [{ name }] = byDocument(plan)[0] ?? [secretTarget()];
  memory.hold(name, TEXT);
  await memory.run(plan);
  // as UpdateSecretVersionStage does: the version of before is current again
  memory.hold(name, TEXT);
  expect(await memory.run(plan)).toMatchObject({ ok: true });
  expect(memory.text(name)).toContain(restoredEndpoint);
  expect(memory.tokens).toHaveLength(2);
  expect(new Set(memory.tokens).size).toBe(2);
});
