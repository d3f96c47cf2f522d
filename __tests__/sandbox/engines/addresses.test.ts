import { once } from 'node:events';
import { createServer } from 'node:net';
import { allocateAddress } from '../../../sandbox/engines/addresses';

describe('allocateAddress', () => {
  it('gives a loopback address of its own and a port on which one can listen', async () => {
    const { host, port } = await allocateAddress();
    expect(host).toMatch(/^127[.]\d+[.]\d+[.]\d+$/);
    expect(host).not.toBe('127.0.0.1');
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    server.close();
  });

  it('gives the port that was asked for, on another address each time', async () => {
    const [first, second] = await Promise.all([allocateAddress(39_306), allocateAddress(39_306)]);
    expect([first.port, second.port]).toEqual([39_306, 39_306]);
    expect(first.host).not.toBe(second.host);
  });

  it('says so where the port is taken on every address', async () => {
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    const taken = server.address();
    if (taken === null || typeof taken === 'string') throw new Error('no port');
    await expect(allocateAddress(taken.port)).rejects.toThrow(
      `found no loopback address with port ${taken.port} free`,
    );
    server.close();
  });
});
