import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Address } from './database-cluster';

const ATTEMPTS = 20;

/**
 * A random loopback address other than 127.0.0.1 with a port that is free on it now: `port`, or one
 * that the kernel chooses. Some 16 million addresses keep clones and clusters out of each other's way.
 * @throws Error where `port` is taken on every address tried (a server that listens on 0.0.0.0 takes it on all)
 */
export async function allocateAddress(port = 0): Promise<Address> {
  let cause: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    try {
      return { host, port: await listenOnce(host, port) };
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`found no loopback address with port ${port === 0 ? '(any)' : port} free`, { cause });
}

async function listenOnce(host: string, port: number): Promise<number> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error(`${host} gave no port`);
  return address.port;
}
