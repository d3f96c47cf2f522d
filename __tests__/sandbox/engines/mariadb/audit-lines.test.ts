import { auroraAuditLine } from '../../../../sandbox/engines/mariadb/audit-lines';

const AT = 1_703_817_810_076_091;

/** Left what MariaDB 10.11's plugin wrote, right what Aurora MySQL writes (its documentation, captured lines). */
const cases: [string, string, string][] = [
  [
    'a connection',
    '20261122 23:28:39,vm,admin,127.0.0.1,4,0,CONNECT,,,0',
    `${AT},writer-1,admin,127.0.0.1,4,0,CONNECT,,,0`,
  ],
  [
    'a table event, whose return code is empty',
    '20261122 23:28:39,vm,admin,127.0.0.1,4,9,WRITE,trading,accounts,',
    `${AT},writer-1,admin,127.0.0.1,4,9,WRITE,trading,accounts,`,
  ],
  [
    'quotes, backslashes and commas as they are',
    String.raw`20261122 23:28:39,vm,admin,127.0.0.1,4,8,QUERY,d,'insert into t values (\'it\'\'s, \\n \\\\ "q"\')',0`,
    String.raw`${AT},writer-1,admin,127.0.0.1,4,8,QUERY,d,'insert into t values (\'it\'\'s, \\n \\\\ "q"\')',0`,
  ],
  [
    'a blank for each line break and tab, but not for a backslash followed by a letter',
    String.raw`20261122 23:28:39,vm,admin,127.0.0.1,4,8,QUERY,,'DELETE\r\n\tFROM t -- \\n\\\n\f',0`,
    String.raw`${AT},writer-1,admin,127.0.0.1,4,8,QUERY,,'DELETE   FROM t -- \\n\\  ',0`,
  ],
  [
    'a failed statement',
    `20261122 23:28:39,vm,admin,127.0.0.1,4,11,QUERY,d,'select * from nowhere',1146`,
    `${AT},writer-1,admin,127.0.0.1,4,11,QUERY,d,'select * from nowhere',1146`,
  ],
  [
    'text that looks like the end of a record',
    String.raw`20261122 23:28:39,vm,admin,127.0.0.1,4,11,QUERY,d,'select \',0\', \'\n,1\'',0`,
    String.raw`${AT},writer-1,admin,127.0.0.1,4,11,QUERY,d,'select \',0\', \' ,1\'',0`,
  ],
  [
    'a user with a comma',
    `20261122 23:28:39,vm,a,b,127.0.0.1,7,17,QUERY,d,'select\\n1',0`,
    `${AT},writer-1,a,b,127.0.0.1,7,17,QUERY,d,'select 1',0`,
  ],
  [
    'a renamed table',
    '20261122 23:28:39,vm,admin,127.0.0.1,4,44,RENAME,d,c|d.c2,',
    `${AT},writer-1,admin,127.0.0.1,4,44,RENAME,d,c|d.c2,`,
  ],
  [
    'a change of user without the memory that the plugin logs as its database',
    '20261122 23:28:39,vm,,,7,0,CHANGEUSER,\u{fffd}O,O,,0',
    `${AT},writer-1,,,7,0,CHANGEUSER,,,0`,
  ],
];

describe('auroraAuditLine', () => {
  it.each(cases)('writes %s', (_what, line, aurora) => {
    expect(auroraAuditLine(line, AT, 'writer-1')).toBe(aurora);
  });

  it('takes nothing else for a record', () => {
    expect(auroraAuditLine('b,', AT, 'writer-1')).toBeUndefined();
  });
});
