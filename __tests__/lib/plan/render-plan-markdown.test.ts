import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { instanceCost, totalUnits } from '../../../lib/plan/instance-cost';
import { renderPlanMarkdown } from '../../../lib/plan/render-plan-markdown';
import { renderPlan } from '../../../lib/plan/render-plan';
import {
  at,
  backedUpCluster,
  deletedPlan,
  incident,
  ledgerCluster,
  planned,
  snapshot,
  sourceCluster,
} from './facts';

const told = incident('2026-01-08T10:12:13Z');

describe('the plan in a pull request', () => {
  test('reads at a glance, and is complete', () => {
    const lostWrites = {
      beforeEffect: told.lostWrites.beforeEffect,
      afterEffect: {
        transactions: 2,
        statements: 3,
        firstAt: '2026-01-08T10:13:00Z',
        lastAt: '2026-01-08T10:14:00Z',
        groups: [
          {
            table: 'trading.orders',
            user: 'app',
            kind: 'insert',
            statements: 3,
            firstAt: '2026-01-08T10:13:00Z',
            lastAt: '2026-01-08T10:14:00Z',
          },
        ],
      },
    };
    expect(renderPlanMarkdown(planned(), { ...told, lostWrites })).toMatchSnapshot();
  });

  test('shows many clusters, each with its method, and what could be done instead', () => {
    const source = sourceCluster({
      backtrackWindowSeconds: 86_400,
      earliestBacktrackAt: at('2026-01-07T10:30:00Z'),
    });
    const ledger = {
      source: ledgerCluster({ earliestRestorableAt: at('2026-01-08T10:20:00Z') }),
      snapshots: [
        snapshot({
          cluster: backedUpCluster({
            identifier: 'ledger',
            resourceId: ledgerCluster().resourceId,
          }),
        }),
      ],
    };
    const plan = planned({ source, further: [ledger] }, { choices: { subnetGroup: 'isolated' } });
    expect(renderPlanMarkdown(plan, told)).toMatchSnapshot();
    expect(renderPlan(plan)).toMatchSnapshot();
    expect(renderPlanMarkdown(plan, told)).toContain(
      '- everything that `ledger` has committed since 2026-01-07T03:10:00Z: nobody counted it',
    );
  });

  test('shows what no backup tells of a deleted cluster', () => {
    expect(renderPlanMarkdown(deletedPlan(), told)).toMatchSnapshot();
    expect(renderPlan(deletedPlan())).toMatchSnapshot();
  });

  test('says of a restore in earnest that it is protected, and how that is lifted', () => {
    const text = renderPlanMarkdown(planned({}, { earnest: true }), told);
    expect(text).toContain('# Restore plan of drill `d`, in earnest');
    expect(text).toContain('- a final snapshot trading-d-final is taken when it is destroyed');
    expect(text).toContain(
      'aws rds modify-db-cluster --db-cluster-identifier trading-d --no-deletion-protection',
    );
  });

  test('shows what the logs hold as text, whatever it looks like', () => {
    const plan = planned({ source: sourceCluster({ tags: { 'a|b`c': 'x' } }) });
    const statement = {
      ...told.statement,
      user: '@team`<b>',
      sql: 'DELETE FROM t -- ```\n# not a heading\n<script>',
      tables: ['t|u'],
    };
    const effect = { ...told.effect, basis: '[a link](https://example.com) <img src=x>' };
    const html = new MarkdownIt({ html: true, linkify: true }).render(
      renderPlanMarkdown(plan, { ...told, statement, effect }),
    );
    expect(html).not.toMatch(/<script|<img|<b>|<a /);
    expect(html.match(/<h[1-6]>/g)).toHaveLength(7);
    expect(html).toContain('# not a heading');
  });

  test('names what cannot be seen in the statement, and keeps its lines', () => {
    const statement = { ...told.statement, sql: "DELETE FROM t\nWHERE a = '\u202Ex\u0007'" };
    expect(renderPlanMarkdown(planned(), { ...told, statement })).toContain(
      "```sql\nDELETE FROM t\nWHERE a = '<U+202E>x<U+0007>'\n```",
    );
  });
});

describe('a plan that is too long for a pull request', () => {
  const long = (tables: number, warnings: number, piece: string, length = 20): typeof told => ({
    ...told,
    statement: {
      ...told.statement,
      sql: `DELETE FROM t -- ${piece.repeat(length)}`,
      tables: Array.from({ length: tables }, (_, i) => `${piece.slice(0, 60)}.table_${i}`),
    },
    coverage: {
      ...told.coverage,
      warnings: Array.from({ length: warnings }, (_, i) => `warning ${i}: ${piece.repeat(length)}`),
    },
  });

  test('is cut, says how much is left out, and where the whole is', () => {
    const text = renderPlanMarkdown(planned(), long(600, 400, 'trading', 20));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain(
      '> **Cut, since it is too long for a pull request.** `restore-plan.json` and `incident.json`',
    );
    expect(text).toContain('`… and 500 more, left out here`');
    expect(text).toContain('> … and 300 more, left out here');
    expect(text.match(/^## .*/gm)).toEqual(renderPlanMarkdown(planned(), told).match(/^## .*/gm));
  });

  test('always fits, whatever makes it long', () => {
    const count = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.constantFrom('x', '`|', '@a', '&<', '\u202e', '😀', '\n\n# '),
        (tables, warnings, length, piece) => {
          const [first, ...further] = planned().clusters;
          const differences = Array.from({ length: tables }, () => piece.repeat(50));
          const plan = {
            ...planned(),
            clusters: [{ ...first, differences }, ...further] as typeof further & [typeof first],
          };
          const text = renderPlanMarkdown(plan, long(tables, warnings, piece, length));
          expect(text.length).toBeLessThan(65_536);
          expect(text).toMatch(/^# Restore plan of drill `d`/);
          expect(/Cut, since|## How it is applied, and undone/.test(text)).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });
});

test.each([
  ['db.t4g.medium', 'burstable', 2],
  ['db.r7g.large', 'memory-optimized', 4],
  ['db.r7g.16xlarge', 'memory-optimized', 128],
  ['db.x2g.xlarge', 'memory-optimized, large', 8],
  ['db.serverless', 'serverless, paid by use', null],
  ['db.z9.mega', 'of an unknown kind', null],
])('the cost class of %s is %s with %s units', (instanceClass, kind, units) => {
  expect(instanceCost(instanceClass)).toEqual({ kind, units });
});

test('instances have units together only if each has', () => {
  expect(totalUnits(['db.r7g.large', 'db.r7g.2xlarge'])).toBe(20);
  expect(totalUnits(['db.r7g.large', 'db.serverless'])).toBeNull();
});
