import { LogRecords } from '../../../../sandbox/engines/postgresql/server-log';

const record = (text: string): string => `2026-01-02 03:04:05 UTC:10.0.0.5(5):app@trading:[7]:LOG:  ${text}`;
const read = (records: LogRecords, text: string, at = 1): string[] =>
  records.add(Buffer.from(text), at).map((line) => line.text);

test('a record is whole when the next one begins, or when nothing followed it', () => {
  const records = new LogRecords();

  expect(read(records, `${record('one')}\n${record('two')}\n`)).toEqual([record('one')]);
  expect(read(records, '')).toEqual([record('two')]);
  expect(read(records, '')).toEqual([]);
});

test('lines of one statement are one record, however they are read', () => {
  const records = new LogRecords();

  expect(read(records, `${record('AUDIT: DELETE')}\n\tFROM acc`)).toEqual([]);
  // half a line is there: what is still to come belongs to this record
  expect(read(records, '')).toEqual([]);
  expect(read(records, 'ounts\n')).toEqual([]);
  expect(read(records, '')).toEqual([`${record('AUDIT: DELETE')}\n\tFROM accounts`]);
});

test('a character that was read in two halves is not broken', () => {
  const records = new LogRecords();
  const bytes = Buffer.from(`${record('Zürich')}\n`);
  const middle = bytes.indexOf(0xc3) + 1;

  records.add(bytes.subarray(0, middle), 1);
  records.add(bytes.subarray(middle), 2);

  expect(read(records, '')).toEqual([record('Zürich')]);
});

test('a record has the time at which its first line was read', () => {
  const records = new LogRecords();
  read(records, `${record('one')}\n`, 1);
  read(records, '\tmore\n', 2);

  expect(records.add(Buffer.alloc(0), 3)).toEqual([{ writtenAt: 1, text: `${record('one')}\n\tmore` }]);
});

test('what a program says before its log begins is no record', () => {
  const records = new LogRecords();

  expect(read(records, `setpriv: a warning\n${record('one')}\n`)).toEqual([]);
  expect(read(records, '')).toEqual([record('one')]);
});
