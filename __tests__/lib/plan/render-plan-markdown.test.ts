import MarkdownIt from 'markdown-it';
import { instanceCost, totalUnits } from '../../../lib/plan/instance-cost';
import { renderPlanMarkdown } from '../../../lib/plan/render-plan-markdown';
import { incident, planned, sourceCluster } from './facts';

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
