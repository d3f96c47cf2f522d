import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';
import { LineIndex, ROW } from '../../../lib/audit/line-index';
import { numberOf } from '../../../lib/audit/log-blocks';

const FOLDER = path.join(__dirname, '../../../lib/audit');

test('line-index.wasm is what line-index.wat says', async () => {
  const module = await wabt();
  const source = module.parseWat('line-index.wat', readFileSync(path.join(FOLDER, 'line-index.wat'), 'utf8'));
  const built = Buffer.from(source.toBinary({}).buffer);
  source.destroy();
  expect(built.equals(readFileSync(path.join(FOLDER, 'line-index.wasm')))).toBe(true);
});

interface Line {
  readonly start: number;
  readonly end: number;
  readonly commas: readonly number[];
  readonly semicolon: number;
}

/** What the index finds, by a loop over the bytes. */
function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let commas: number[] = [];
  let semicolon = 0;
  bytes.forEach((byte, i) => {
    const char = String.fromCharCode(byte);
    if (char === ',' && commas.length < 8) commas.push(i);
    if (char === ';' && commas.length === 8 && semicolon === 0) semicolon = i;
    if (char !== '\n') return;
    lines.push({ start, end: i, commas, semicolon });
    start = i + 1;
    commas = [];
    semicolon = 0;
  });
  return lines;
}

function indexed(index: LineIndex, bytes: Buffer): Line[] {
  index.reserve(bytes.length);
  bytes.copy(index.bytes, index.begin);
  const lines: Line[] = [];
  for (let from = index.begin; ;) {
    const count = index.index(from, index.begin + bytes.length);
    for (let i = 0; i < count; i++) {
      const row = [...index.rows.subarray(i * ROW.length, (i + 1) * ROW.length)];
      const at = (field: number): number => (row[field] ?? 0) - index.begin;
      const commas = row
        .slice(ROW.comma, ROW.comma + (row[ROW.commas] ?? 0))
        .map((each) => each - index.begin);
      lines.push({
        start: at(ROW.start),
        end: at(ROW.end),
        commas,
        semicolon: row[ROW.semicolon] === 0 ? 0 : at(ROW.semicolon),
      });
      from = (row[ROW.end] ?? 0) + 1;
    }
    if (!index.isFull(count)) return lines;
  }
}

const index = new LineIndex();

test('the index finds the lines, commas and semicolons that a plain loop finds', () => {
  const byte = fc.constantFrom(...Buffer.from(',,,,;\n\nabc\r\0\u00ff'));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 400 }), (bytes) => {
      const log = Buffer.from(bytes);
      expect(indexed(index, log)).toEqual(linesOf(log));
    }),
    { numRuns: 1000 },
  );
});

test('the index goes on where its rows were full', () => {
  const log = Buffer.from('1,2,3,4,5,6,7,8,9;\n\n'.repeat(20_000));
  expect(indexed(index, log)).toEqual(linesOf(log));
});

test('rows tell the time, connection, operation, object and host of MySQL records', () => {
  const field = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
  const line = fc
    .tuple(
      fc.oneof(
        fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }).map((time) => String(time).padStart(16, '0')),
        field('176786280000000x', '1767862:00000000', '17678628000/0000', '176786280000000', ''),
      ),
      field('db-1', 'db-2', 'db-10', ''),
      field('0', '7', '4294967297', '12345678901234567890', 'x'),
      field('QUERY', 'CONNECT', 'WRITE'),
      field("'SELECT 1'", 'orders', "'  DELETE FROM t'"),
    )
    .map(([time, host, connection, operation, object]) => ({
      text: `${time},${host},app,10.0.0.1,${connection},5,${operation},shop,${object},0`,
      time: /^\d{16}$/.test(time) ? Number(time) : -1,
      host,
      connection: numberOf(connection),
      operation: operation.slice(0, 4),
      object: object.slice(0, 4),
    }));
  const bytesOf = (value = 0): string => Buffer.from(new Int32Array([value]).buffer).toString('latin1');
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
      const log = Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
      index.reserve(log.length);
      log.copy(index.bytes, index.begin);
      const count = index.index(index.begin, index.begin + log.length);
      index.describe(count, 16);
      const described = Array.from({ length: count }, (_, i) => {
        const row = index.rows.subarray(i * ROW.length, (i + 1) * ROW.length);
        return {
          time: index.times[i * ROW.timesLength + ROW.time],
          connection: row[ROW.connection],
          operation: bytesOf(row[ROW.operation]),
          object: bytesOf(row[ROW.object]),
          isNewHost: row[ROW.isNewHost] === 1,
        };
      });
      expect(described).toEqual(
        lines.map(({ time, connection, operation, object, host }, i) => ({
          time,
          connection,
          operation,
          object,
          isNewHost: host !== lines[i - 1]?.host,
        })),
      );
    }),
    { numRuns: 500 },
  );
});
