import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { decode, encode, type Answer, type Packet, type RecordType as QuestionType } from 'dns-packet';
import { canonicalName, isWithin } from './dns-names';
import { recordKey, type HostedZone, type RecordSet } from './zone';

export interface Resolver {
  /** Such as `127.0.0.1:53535`, as Node's `dns.setServers` takes it. */
  readonly address: string;
  close(): Promise<void>;
}

/** As long as a chain of aliases is followed. */
const LONGEST_CHAIN = 8;
const AUTHORITATIVE = 1 << 10;
const RECURSION_AVAILABLE = 1 << 7;
const OK = 0;
const NXDOMAIN = 3;
const REFUSED = 5;

/**
 * Answers DNS over UDP on 127.0.0.1 as a VPC's resolver does: from the hosted zones, each record with its
 * own TTL, following CNAMEs. The endpoints of the sandbox's clusters are IP addresses; a CNAME to one ends in
 * an A record of that address, so that whoever asks can connect. Whatever else is asked is REFUSED.
 */
export async function startResolver(zones: () => Iterable<HostedZone>): Promise<Resolver> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const answer = answerTo(message, zones);
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => close(socket) };
}

async function close(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}

function answerTo(message: Buffer, zones: () => Iterable<HostedZone>): Buffer | undefined {
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return undefined;
  }
  const [question] = query.questions ?? [];
  if (query.type !== 'query' || question === undefined) return undefined;
  const { answers, responseCode } = resolve(canonicalName(question.name), question.type, [...zones()]);
  return encode({
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE | RECURSION_AVAILABLE | ((query.flags ?? 0) & 0x100) | responseCode,
    questions: [question],
    answers,
  });
}

interface Resolved {
  readonly answers: Answer[];
  readonly responseCode: number;
}

function resolve(asked: string, type: QuestionType, zones: readonly HostedZone[]): Resolved {
  const answers: Answer[] = [];
  let name = asked;
  for (let links = 0; links < LONGEST_CHAIN; links++) {
    const zone = zoneOf(name, zones);
    if (zone === undefined) {
      const address = addressOf(name, type);
      return links === 0 && address.length === 0
        ? { answers, responseCode: REFUSED }
        : { answers: [...answers, ...address], responseCode: OK };
    }
    const alias = type === 'CNAME' ? undefined : zone.published.get(recordKey({ name, type: 'CNAME' }));
    if (alias === undefined) {
      const records = [...zone.published.values()].filter((record) => record.name === name);
      const found = records.filter((record) => record.type === type);
      return {
        answers: [...answers, ...found.flatMap(toAnswers)],
        responseCode: records.length === 0 ? NXDOMAIN : OK,
      };
    }
    answers.push(...toAnswers(alias));
    name = canonicalName(alias.values[0] ?? '');
  }
  return { answers, responseCode: OK };
}

/** The one with the longest name, where one lies within another. */
function zoneOf(name: string, zones: readonly HostedZone[]): HostedZone | undefined {
  return zones.filter((zone) => isWithin(name, zone.name)).sort((a, b) => b.name.length - a.name.length)[0];
}

/** What a cluster's endpoint leads to, which is an address already. */
function addressOf(name: string, type: QuestionType): Answer[] {
  const address = name.slice(0, -1);
  return type === 'A' && isIPv4(address) ? [{ type: 'A', name: address, ttl: 5, data: address }] : [];
}

function toAnswers({ name, type, ttlSeconds: ttl, values }: RecordSet): Answer[] {
  const plain = name.slice(0, -1);
  return values.map((value): Answer => {
    switch (type) {
      case 'A':
      case 'AAAA':
        return { type, name: plain, ttl, data: value };
      case 'CNAME':
      case 'NS':
        return { type, name: plain, ttl, data: value.replace(/[.]$/, '') };
      case 'TXT':
        return {
          type,
          name: plain,
          ttl,
          data: [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text),
        };
      case 'SOA': {
        const [mname = '', rname = '', ...numbers] = value.split(' ');
        const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
        return { type, name: plain, ttl, data: { mname, rname, serial, refresh, retry, expire, minimum } };
      }
    }
  });
}
