import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuditTail, BinlogTail } from '../../../../sandbox/engines/mariadb/log-tail';

const captured = readFileSync(path.join(__dirname, 'captured/binlog.000001'));
const record = (text: string): string => `20261122 23:28:39,vm,admin,127.0.0.1,4,2,QUERY,d,'${text}',0`;

describe('tails of a growing log', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'log-tail-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('AuditTail', () => {
    const file = (): string => path.join(folder, 'server_audit.log');

    it('gives whole records only, each once, though the file grows by pieces within a character', () => {
      const tail = new AuditTail(file());
      const bytes = Buffer.from(`${record('é')}\n${record('b')}\n`);
      const found: string[] = [];
      for (const byte of bytes) {
        appendFileSync(file(), Buffer.from([byte]));
        found.push(...tail.read());
      }
      tail.close();
      expect(found).toEqual([record('é'), record('b')]);
    });

    it('loses nothing when the plugin renames the file and begins a new one', () => {
      const tail = new AuditTail(file());
      appendFileSync(file(), `${record('a')}\n`);
      const before = tail.read();
      appendFileSync(file(), `${record('b')}\n`);
      renameSync(file(), `${file()}.1`);
      appendFileSync(`${file()}.1`, `${record('c')}\n`);
      const between = tail.read();
      writeFileSync(file(), `${record('d')}\n`);
      const after = tail.read();
      appendFileSync(file(), `${record('e')}\n`);
      const last = tail.read();
      tail.close();
      expect([before, between, after, last]).toEqual(
        [['a'], ['b', 'c'], ['d'], ['e']].map((texts) => texts.map(record)),
      );
    });

    it('joins the record of a table whose name has a line break', () => {
      const tail = new AuditTail(file());
      const broken = '20261122 23:28:39,vm,admin,127.0.0.1,4,3,CREATE,d,';
      appendFileSync(file(), `${broken}a\nb,\n${record('x')}\n`);
      const found = tail.read();
      tail.close();
      expect(found).toEqual([`${broken}a b,`, record('x')]);
    });
  });

  describe('BinlogTail', () => {
    const file = (number: number): string => path.join(folder, `binlog.00000${number}`);
    const gtids = (tail: BinlogTail): string[] =>
      tail.read().map(({ file: number, group }) => `${number}:${group.gtid}`);

    it('goes on to the next file when the server has, and begins there anew', () => {
      const tail = new BinlogTail(folder);
      expect(gtids(tail)).toEqual([]);
      expect(tail.currentFile).toBe(0);

      writeFileSync(file(1), captured.subarray(0, 500));
      expect(gtids(tail)).toEqual(['1:0-1-1']);
      // a server that died within an event leaves it unfinished; the next file is its successor's
      writeFileSync(file(2), captured.subarray(0, 650));
      expect(gtids(tail)).toEqual(['2:0-1-1', '2:0-1-2']);
      expect(tail.currentFile).toBe(2);
      tail.close();
    });
  });
});
