import { Resolver as Client } from 'node:dns/promises';
import { startResolver, type Resolver } from '../../../../sandbox/services/route53/resolver';
import { openRoute53, record } from './route53-bench';

const { state, change } = openRoute53();
const client = new Client({ timeout: 2000, tries: 1 });
let resolver: Resolver;

beforeAll(async () => {
  resolver = await startResolver(() => state.zones.values());
  client.setServers([resolver.address]);
  await change(
    { Action: 'CREATE', ResourceRecordSet: record('chain.trading.internal', 'CNAME', 'db.trading.internal') },
    {
      Action: 'CREATE',
      ResourceRecordSet: record('loop.trading.internal', 'CNAME', 'loop.trading.internal'),
    },
    { Action: 'CREATE', ResourceRecordSet: record('two.trading.internal', 'A', '10.0.0.1', '10.0.0.2') },
    { Action: 'CREATE', ResourceRecordSet: record('text.trading.internal', 'TXT', '"hello" "world"') },
    { Action: 'CREATE', ResourceRecordSet: record('away.trading.internal', 'CNAME', 'db.example.com') },
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
});

afterAll(() => resolver.close());

test.each(['db.trading.internal', 'DB.Trading.Internal', 'chain.trading.internal'])(
  '%s leads to the address that the CNAME names, with its TTL',
  async (name) => {
    await expect(client.resolve4(name, { ttl: true })).resolves.toEqual([{ address: '127.1.2.3', ttl: 5 }]);
  },
);

test('each type is answered as it is', async () => {
  await expect(client.resolveCname('db.trading.internal')).resolves.toEqual(['127.1.2.3']);
  await expect(client.resolve4('two.trading.internal')).resolves.toEqual(['10.0.0.1', '10.0.0.2']);
  await expect(client.resolveTxt('text.trading.internal')).resolves.toEqual([['hello', 'world']]);
  await expect(client.resolveNs('trading.internal')).resolves.toEqual(['ns-1536.awsdns-00.co.uk']);
  await expect(client.resolveSoa('trading.internal')).resolves.toMatchObject({ refresh: 7200 });
});

test.each([
  ['a name that is not there', 'x.trading.internal', 'ENOTFOUND'],
  ['a name without such a record', 'text.trading.internal', 'ENODATA'],
  ['a name of no zone', 'db.example.com', 'EREFUSED'],
])('%s is an error', async (_what, name, code) => {
  await expect(client.resolve4(name)).rejects.toMatchObject({ code });
});

test.each([
  ['out of its zones', 'away.trading.internal'],
  ['in a circle', 'loop.trading.internal'],
])('a CNAME that leads %s has no address', async (_what, name) => {
  await expect(client.resolve4(name)).resolves.toEqual([]);
});
