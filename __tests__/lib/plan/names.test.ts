import fc from 'fast-check';
import { checkNamesFree, FINAL_SNAPSHOT, planNames } from '../../../lib/plan/names';

const free = { clusters: new Set<string>(), instances: new Set<string>() };

describe('planNames', () => {
  test('names cluster and instances after source and drill', () => {
    expect(planNames('trading', '2026-01-08-accounts', 2, free, undefined)).toEqual({
      ok: true,
      value: {
        cluster: 'trading-2026-01-08-accounts',
        instances: ['trading-2026-01-08-accounts-1', 'trading-2026-01-08-accounts-2'],
      },
    });
  });

  test('keeps two long sources with the same beginning apart', () => {
    const name = (last: string): string => {
      const names = planNames(`${'a'.repeat(62)}${last}`, 'b'.repeat(40), 1, free, undefined);
      return names.ok ? names.value.cluster : names.refusal.message;
    };
    expect(name('x')).toMatch(/^a+-[0-9a-f]{6}-b{40}$/);
    expect(name('x')).not.toBe(name('y'));
  });

  test('makes names that RDS accepts from every source and drill', () => {
    const source = fc.stringMatching(/^[a-z](-?[a-z0-9]){0,40}$/).filter((text) => text.length <= 63);
    const drill = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
    fc.assert(
      fc.property(source, drill, fc.integer({ min: 1, max: 16 }), (source, drill, count) => {
        const names = planNames(source, drill, count, free, undefined);
        if (!names.ok) throw new Error(names.refusal.message);
        for (const name of [names.value.cluster, ...names.value.instances]) {
          expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
          expect(name).not.toMatch(/--|-$/);
        }
        expect(new Set(names.value.instances).size).toBe(count);
      }),
    );
  });

  test('leaves room for the name of a final snapshot', () => {
    const names = planNames('a'.repeat(60), 'd', 1, free, undefined, true);
    expect(names.ok && `${names.value.cluster}${FINAL_SNAPSHOT}`.length).toBe(63);
    expect(planNames('trading', 'd', 1, free, 'a'.repeat(58), true)).toMatchObject({ ok: false });
  });

  test('takes a chosen name in lower case, as RDS would keep it', () => {
    expect(planNames('trading', 'd', 1, free, 'Trading-Rescue')).toMatchObject({
      ok: true,
      value: { cluster: 'trading-rescue', instances: ['trading-rescue-1'] },
    });
  });

  test.each(['1trading', 'trading-', 'tra--ding', 'trading_x', '', 'a'.repeat(62)])(
    'refuses the chosen name %j',
    (chosen) => {
      expect(planNames('trading', 'd', 1, free, chosen)).toMatchObject({
        ok: false,
        refusal: { reason: 'invalid-name' },
      });
    },
  );

  test.each([
    ['DB cluster', { ...free, clusters: new Set(['trading-d']) }, "DB cluster 'trading-d'"],
    ['DB instance', { ...free, instances: new Set(['trading-d-2']) }, "DB instance 'trading-d-2'"],
  ])('refuses a name that a %s has already', (_, taken, named) => {
    expect(planNames('trading', 'd', 2, taken, undefined)).toMatchObject({
      ok: false,
      refusal: {
        reason: 'name-taken',
        message: `${named} exists already in this account and region`,
      },
    });
  });
});

describe('checkNamesFree', () => {
  const created = { clusters: ['trading-d'], instances: ['trading-d-1', 'trading-d-2'] };
  const taken = (clusters: string[], instances: string[]): typeof free => ({
    clusters: new Set(clusters),
    instances: new Set(instances),
  });

  test('passes where nobody took a name, also where a cluster has the name of an instance', () => {
    expect(checkNamesFree('d', created, taken(['trading-d-1'], ['trading-d']))).toMatchObject({ ok: true });
  });

  test('names all that appeared since the plan', () => {
    expect(checkNamesFree('d', created, taken(['trading-d'], ['trading-d-2', 'x']))).toMatchObject({
      refusal: {
        reason: 'name-taken',
        message: expect.stringMatching(/^DB cluster 'trading-d', DB instance 'trading-d-2': /) as string,
      },
    });
  });
});
