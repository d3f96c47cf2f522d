import { unreachable } from '../errors';
import type { Candidate } from './candidates';
import { rejoined } from './line-comments';
import { loadMysqlReader } from './mysql-reader';
import { loadPostgresqlReader } from './postgresql-reader';
import { statementTexts } from './split-statements';
import type { SqlFlavour } from './sql-tokens';
import { dangerOf, type Reading, type SqlReader } from './sql-reader';
import type { StatementFacts } from './statements';

/** So many different texts are read at the most: a tenth of a millisecond each. */
const MOST_READ = 20_000;

/**
 * Reads candidates a second time, by a real parser of their dialect. Names the tables by it; where it
 * says something else than the keywords do, the more dangerous reading holds and a warning tells so.
 * The parser is loaded here, for logs that hold a candidate: it takes a tenth of a second and 30 MB.
 */
export async function readAgain(
  candidates: readonly Candidate[],
  flavour: SqlFlavour,
): Promise<{ candidates: Candidate[]; warnings: string[] }> {
  if (candidates.length === 0) return { candidates: [], warnings: [] };
  const read = remembering(await loadReader(flavour));
  const warnings = new Set<string>();
  const again = candidates.map((candidate): Candidate => {
    const { record, facts, cut, index } = candidate;
    // an EXECUTE of something unknown is understood by a parser, but not what it runs
    const isUnknown = facts.verb === 'execute' && candidate.text === null;
    // a parser takes a line comment to go on to the end, where the line may have ended before
    const isRejoined = flavour === 'mysql' && rejoined(candidate.text ?? record.object).texts.length > 0;
    const reading =
      cut || isUnknown || isRejoined
        ? null
        : read(candidate.text ?? statementTexts(record.object, flavour)[index] ?? '');
    if (reading === null) return { ...candidate, facts: unreadable(facts, flavour) };
    const disagreement = disagreementOf(facts, reading);
    if (disagreement !== null) {
      warnings.add(`query ${record.queryId ?? '?'} of connection ${record.connectionId}: ${disagreement}`);
    }
    return { ...candidate, facts: merged(facts, reading) };
  });
  return { candidates: again, warnings: [...warnings].slice(0, MOST_WARNINGS) };
}

const MOST_WARNINGS = 5;

function loadReader(flavour: SqlFlavour): Promise<SqlReader> {
  switch (flavour) {
    case 'mysql':
      return loadMysqlReader();
    case 'postgresql':
      return loadPostgresqlReader();
    default:
      return unreachable(flavour);
  }
}

function remembering(read: SqlReader): SqlReader {
  const known = new Map<string, Reading | null>();
  return (sql) => {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const reading = known.size < MOST_READ ? read(sql) : null;
    known.set(sql, reading);
    return reading;
  };
}

/** A DO block is a string to the keywords, and a COPY all but one: what the parser does not understand either may do anything. */
function unreadable(facts: StatementFacts, flavour: SqlFlavour): StatementFacts {
  const isOpen = (facts.verb === 'do' && !facts.writes) || facts.verb === 'copy';
  return flavour === 'postgresql' && isOpen ? { ...facts, understood: false } : facts;
}

function merged(facts: StatementFacts, reading: Reading): StatementFacts {
  // what a parser evaluates is no longer unclear; but what only the keywords find suspicious stays so
  const worse = dangerOf(reading) >= dangerOf(facts) ? reading : facts;
  return {
    ...facts,
    kind: worse.kind,
    unclear: worse.unclear,
    writes: facts.writes || reading.writes,
    understood: true,
    tables: reading.tables.length > 0 ? reading.tables : facts.tables,
  };
}

/** Of what these run, keywords see nothing. */
const BLIND = ['do', 'copy', 'create'];

/** In words; null where both mean the same, or the parser only sees more of what the keywords cannot. */
function disagreementOf(facts: StatementFacts, reading: Reading): string | null {
  const isBlind = !facts.understood || BLIND.includes(facts.verb) || facts.unclear;
  if (isBlind || (facts.kind === reading.kind && facts.unclear === reading.unclear)) return null;
  const [taken, other] = dangerOf(reading) > dangerOf(facts) ? [reading, facts] : [facts, reading];
  return `its keywords and the parser of SQL read it differently; taken as ${taken.kind}, not as ${other.kind}`;
}
