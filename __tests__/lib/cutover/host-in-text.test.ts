import { findHosts, isHostName, replaceAt } from '../../../lib/cutover/host-in-text';

const HOST = 'trading.cluster-x1.eu-central-1.rds.amazonaws.com';
const READER = 'trading.cluster-ro-x1.eu-central-1.rds.amazonaws.com';

describe('findHosts', () => {
  test.each([
    ['nothing but the host', HOST, [HOST]],
    ['a host with its port', `${HOST}:3306`, [HOST]],
    ['a JDBC URL', `jdbc:mysql://${HOST}:3306/shop?useSSL=true`, [HOST]],
    ['a URL with user and password', `mysql://app:s3cret@${HOST}/shop`, [HOST]],
    ['another case', HOST.toUpperCase(), [HOST]],
    ['a name with the final dot of DNS', `${HOST}.`, [HOST]],
    ['a host at the end of a sentence', `connects to ${HOST}. Then`, [HOST]],
    ['writer and reader', `${HOST},${READER}`, [HOST, READER]],
    ['the same host twice', `${HOST},${HOST}`, [HOST, HOST]],
    ['the end of a longer name', `my-${HOST} old.${HOST} a_${HOST}`, []],
    ['the beginning of a longer name', `${HOST}.cn ${HOST}-2`, []],
    ['a name where a dot of the host is another letter', HOST.replace('.', 'x'), []],
    ['a cluster whose name begins alike', HOST.replace('trading.', 'trading-2.'), []],
    ['a cluster whose name ends alike', `new-${HOST}`, []],
    ['the reader, which differs within a label', READER, [READER]],
    [
      'several of one replication URL',
      `jdbc:mysql:replication://${HOST}:3306,${READER}:3306/shop`,
      [HOST, READER],
    ],
    ['a JDBC URL for the AWS driver', `jdbc:aws-wrapper:postgresql://${HOST}:5432/shop`, [HOST]],
    ['a libpq connection string', `host=${HOST} port=5432 user=app`, [HOST]],
    ['a password that holds it in part', `mysql://app:${HOST.slice(0, 20)}@db.example.com/shop`, []],
    ['an address in brackets of JSON', `{"a":["${HOST}"]}`, [HOST]],
    ['nothing', '', []],
  ])('finds whole names only: %s', (_, text, expected) => {
    expect(findHosts(text, [HOST, READER]).map(({ host }) => host)).toEqual(expected);
  });

  test('tells where, so that the rest of the text stays as it is', () => {
    const text = `jdbc:mysql://${HOST.toUpperCase()}:3306/shop`;
    const [found] = findHosts(text, [HOST]);
    if (found === undefined) throw new Error('not found');
    expect(replaceAt(text, found, 'db.example.com')).toBe('jdbc:mysql://db.example.com:3306/shop');
  });
});

test.each([
  ['db.example.com', true],
  [HOST, true],
  ['127.3.2.1', true],
  ['db', false],
  ['db.example.com:3306', false],
  ['mysql://db.example.com', false],
  ['s3cret!', false],
  ['', false],
])('isHostName(%s) is %s', (text, expected) => {
  expect(isHostName(text)).toBe(expected);
});
