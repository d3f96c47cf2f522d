import type { StatementKind } from '../../../lib/artefacts/incident';
import { judgeDamage, type Damage } from '../../../lib/verify/judge-damage';
import type { ComparedRows } from '../../../lib/verify/compare-rows';

const SAME: ComparedRows = {
  looked: 100,
  different: 0,
  onlyRestored: 0,
  onlySource: 0,
  differentUnchanged: 0,
  onlySourceOld: 0,
};
const onSource = (rows: number, compared?: Partial<ComparedRows>, columnsGone = 0): Damage['source'] => ({
  rows,
  columnsGone,
  compared: compared === undefined ? undefined : { ...SAME, ...compared },
});

const cases: { what: string; kind: StatementKind; damage: Damage; verdict: string; says: string }[] = [
  {
    what: 'a table that is not there',
    kind: 'delete-without-where',
    damage: { restored: null, source: onSource(0) },
    verdict: 'fail',
    says: 'does not exist',
  },
  {
    what: 'an empty table after a DELETE',
    kind: 'delete-without-where',
    damage: { restored: 0, source: onSource(0) },
    verdict: 'fail',
    says: 'the damage is included',
  },
  {
    what: 'more rows than the source has',
    kind: 'delete-without-where',
    damage: { restored: 2, source: onSource(1) },
    verdict: 'pass',
    says: '2 rows restored, 1 row on the source',
  },
  {
    what: 'a source that was filled again, with other rows',
    kind: 'truncate',
    damage: { restored: 100, source: onSource(5000, { onlyRestored: 97 }) },
    verdict: 'pass',
    says: 'the source lacks 97 of the first 100 restored',
  },
  {
    what: 'rows that the source has as well, as after the damage',
    kind: 'delete-without-where',
    damage: { restored: 100, source: onSource(5000, {}) },
    verdict: 'fail',
    says: 'nothing is back that it lost',
  },
  {
    what: 'no primary key and no more rows',
    kind: 'delete-without-where',
    damage: { restored: 100, source: onSource(5000) },
    verdict: 'not-applicable',
    says: 'without a primary key',
  },
  {
    what: 'a dropped table that is back without rows',
    kind: 'drop',
    damage: { restored: 0, source: 'no such table' },
    verdict: 'pass',
    says: '0 rows restored, no such table on the source any more',
  },
  {
    what: 'a dropped table that is back',
    kind: 'drop',
    damage: { restored: 7, source: 'no such table' },
    verdict: 'pass',
    says: 'no such table on the source any more',
  },
  {
    what: 'a dropped column that is back',
    kind: 'drop',
    damage: { restored: 7, source: onSource(7, {}, 1) },
    verdict: 'pass',
    says: 'which has 1 column fewer',
  },
  {
    what: 'a dropped table that was made again and filled',
    kind: 'drop',
    damage: { restored: 100, source: onSource(5000, { onlyRestored: 100 }) },
    verdict: 'pass',
    says: 'lacks 100 of the first 100',
  },
  {
    what: 'a dropped table that was never there',
    kind: 'drop',
    damage: { restored: null, source: 'no such table' },
    verdict: 'fail',
    says: 'does not exist',
  },
  {
    what: 'an UPDATE of a table without rows',
    kind: 'update-without-where',
    damage: { restored: 0, source: onSource(0, { looked: 0 }) },
    verdict: 'not-applicable',
    says: 'no row is found on both sides',
  },
  {
    what: 'an UPDATE after which most rows differ',
    kind: 'update-without-where',
    damage: { restored: 100, source: onSource(100, { different: 60 }) },
    verdict: 'pass',
    says: '60 differ',
  },
  {
    what: 'an UPDATE after which a few rows differ',
    kind: 'update-without-where',
    damage: { restored: 100, source: onSource(100, { different: 3 }) },
    verdict: 'not-applicable',
    says: 'may be later writes alone',
  },
  {
    what: 'an UPDATE after which no row differs',
    kind: 'update-without-where',
    damage: { restored: 100, source: onSource(100, {}) },
    verdict: 'fail',
    says: 'the damage is included',
  },
  {
    what: 'an UPDATE, without the source',
    kind: 'update-without-where',
    damage: { restored: 100, source: 'not asked' },
    verdict: 'not-applicable',
    says: 'only beside the source',
  },
  {
    what: 'a DELETE, without the source',
    kind: 'delete-without-where',
    damage: { restored: 100, source: 'not asked' },
    verdict: 'pass',
    says: 'the source was not asked',
  },
  {
    what: 'another statement, and as many rows',
    kind: 'other',
    damage: { restored: 100, source: onSource(100, {}) },
    verdict: 'not-applicable',
    says: 'its text does not tell',
  },
];

test.each(cases)('$kind: $what is $verdict', ({ kind, damage, verdict, says }) => {
  const part = judgeDamage(kind, damage);

  expect(part.verdict).toBe(verdict);
  expect(part.evidence).toContain(says);
});
