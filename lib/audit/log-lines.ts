import type { AuditDialect, LogLine, ParsedLine } from './audit-record';

/** More than this is no statement any more: a quote that never closes must not swallow the rest of a log. */
const LONGEST_RECORD = 4 * 1024 * 1024;

/**
 * The records in one text of a log, which may hold several lines: a line that begins no record goes
 * on with the one before it.
 */
export function recordsIn(line: LogLine, dialect: AuditDialect): ParsedLine[] {
  if (!line.text.includes('\n')) return [dialect.parse({ ...line, text: withoutReturn(line.text) })];
  const joiner = new LineJoiner(dialect);
  const texts = line.text.split('\n').flatMap((each) => joiner.take(withoutReturn(each)));
  return [...texts, ...joiner.end()].map((text) => dialect.parse({ ...line, text }));
}

/** Puts the physical lines of a log together to records. */
export class LineJoiner {
  private begun: string | null = null;

  constructor(private readonly dialect: AuditDialect) {}

  /** Takes the next physical line; gives the texts that end before it. */
  take(line: string): string[] {
    const begun = this.begun;
    if (begun === null || this.dialect.beginsRecord(line)) {
      this.begun = line;
      return begun === null || begun === '' ? [] : [begun];
    }
    if (this.dialect.isWhole(begun) || begun.length > LONGEST_RECORD) {
      this.begun = line;
      return [begun];
    }
    this.begun = `${begun}\n${line}`;
    return [];
  }

  end(): string[] {
    const begun = this.begun;
    this.begun = null;
    return begun === null || begun === '' ? [] : [begun];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
