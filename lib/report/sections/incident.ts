import type { Incident } from '../../artefacts/incident';
import { columns, type Block, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, say, strong, type Phrase } from '../phrase';
import { shorten, showCount } from '../../shorten';
import { counted, showExactly, showInstant } from '../words';

const SQL_IN_FULL = 4000;
const CANDIDATES = 20;

export function incidentSection({ incident }: ReportModel): Section | undefined {
  if (incident === null) return undefined;
  const { statement, transaction, effect, coverage, candidates } = incident;
  const { serverHost, connectionId, queryId, recordedAt } = statement;
  return {
    id: 'incident',
    title: 'The incident and its evidence',
    blocks: [
      { kind: 'code', language: 'sql', text: shorten(statement.sql, SQL_IN_FULL) },
      {
        kind: 'facts',
        rows: [
          {
            label: 'Kind',
            value: say`${statement.kind.replaceAll('-', ' ')}; tables: ${orNone(codes(statement.tables))}`,
          },
          { label: 'Stamped', value: [showInstant(statement.executedAt)] },
          {
            label: 'Recorded',
            value: [recordedAt === null ? 'the log has no record time' : showInstant(recordedAt)],
          },
          {
            label: 'By',
            value: say`${code(statement.user)} from ${code(statement.host)}, database ${code(statement.database)}`,
          },
          {
            label: 'Connection',
            value: say`${code(connectionId)} on ${code(serverHost)}${queryId === null ? '' : say`, query ${code(queryId)}`}`,
          },
          { label: 'Transaction', value: transactionText(transaction) },
          {
            label: 'Effect',
            value: say`between ${strong(showInstant(effect.earliestAt))} and ${strong(showInstant(effect.latestAt))}: ${effect.basis}`,
          },
          {
            label: 'Restore point',
            value: say`${strong(showInstant(incident.restoreTo))}: the last whole second strictly before the earliest effect`,
          },
        ],
      },
      {
        kind: 'more',
        summary: 'What the logs cover',
        blocks: [
          {
            kind: 'facts',
            rows: [
              { label: 'Source', value: say`${code(coverage.source)}, dialect ${code(incident.dialect)}` },
              {
                label: 'From',
                value: [coverage.since === null ? 'the first record' : showInstant(coverage.since)],
              },
              {
                label: 'Until',
                value: [coverage.until === null ? 'the last record' : showInstant(coverage.until)],
              },
              {
                label: 'Complete until',
                value: [coverage.completeUntil === null ? 'not known' : showInstant(coverage.completeUntil)],
              },
              {
                label: 'Records',
                value: say`${showCount(coverage.records)}, of which ${showCount(coverage.unparsed)} were not understood`,
              },
              { label: 'Instances', value: orNone(codes(coverage.serverHosts)) },
            ],
          },
          ...(coverage.warnings.length === 0
            ? []
            : [{ kind: 'list', items: coverage.warnings.map((warning) => [warning]) } as const]),
        ],
      },
      ...candidateBlocks(candidates),
    ],
  };
}

function transactionText({ kind, beganAt, committedAt }: Incident['transaction']): Phrase {
  const began =
    beganAt === null ? 'began at a time that the logs do not show' : `began ${showInstant(beganAt)}`;
  const committed = committedAt === null ? 'no commit in the logs' : `committed ${showInstant(committedAt)}`;
  return [kind === 'autocommit' ? `autocommit: ${committed}` : `${kind}: ${began}; ${committed}`];
}

function candidateBlocks(candidates: Incident['candidates']): readonly Block[] {
  if (candidates.length < 2) return [];
  const shown = candidates.slice(0, CANDIDATES);
  return [
    {
      kind: 'more',
      summary: `All ${counted(candidates.length, 'candidate')} in the logs`,
      blocks: [
        {
          kind: 'table',
          caption:
            shown.length < candidates.length
              ? `The first ${shown.length}; incident.json holds all ${showCount(candidates.length)}`
              : 'Statements that could have been meant',
          columns: columns('Stamped (UTC)', 'User', 'Connection', 'Statement'),
          rows: shown.map(({ executedAt, user, connectionId, sql }) => [
            [showExactly(executedAt)],
            [code(user)],
            [code(connectionId)],
            [code(shorten(sql, 200))],
          ]),
        },
      ],
    },
  ];
}

function orNone(phrase: Phrase): Phrase {
  return phrase.length === 0 ? ['none'] : phrase;
}
