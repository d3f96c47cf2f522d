import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../protocols/operation';

/** By the input member that may carry one, base64. */
const COMPUTED = {
  ChecksumSHA256: (body: Uint8Array) => createHash('sha256').update(body).digest('base64'),
  ChecksumSHA1: (body: Uint8Array) => createHash('sha1').update(body).digest('base64'),
  ChecksumCRC32: (body: Uint8Array) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
} as const;
type Checksum = keyof typeof COMPUTED;

/** The headers that carry them, in requests and in answers. */
export const CHECKSUM_HEADERS = {
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
} as const satisfies Readonly<Record<string, Checksum>>;

/**
 * The checksums that came with a body, once they are found to be its own.
 * @throws AwsError where one is not
 */
export function checkedChecksums(
  body: Uint8Array,
  given: Readonly<Partial<Record<Checksum, string | undefined>>>,
  contentMd5: string | undefined,
): Record<string, string> {
  if (contentMd5 !== undefined && createHash('md5').update(body).digest('base64') !== contentMd5) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const checked: Record<string, string> = {};
  for (const [name, compute] of Object.entries(COMPUTED) as [Checksum, (body: Uint8Array) => string][]) {
    const value = given[name];
    if (value === undefined) continue;
    if (compute(body) !== value) {
      throw new AwsError(
        'BadDigest',
        `The ${name.replace('Checksum', '')} you specified did not match the calculated checksum.`,
      );
    }
    checked[name] = value;
  }
  return checked;
}

/**
 * The body of a request that was sent in chunks with its checksum behind them. Source: Signature
 * Version 4, `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: chunks of `size in hex[;…]\r\n<bytes>\r\n`, one of size 0 last,
 * then trailing headers.
 */
export function decodeChunks(encoded: Uint8Array): { body: Uint8Array; trailers: Record<string, string> } {
  const bytes = Buffer.from(encoded);
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (Number.isNaN(size)) throw new AwsError('IncompleteBody', 'The chunks of the body are malformed.');
    const from = end + 2;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(bytes.subarray(from)) };
    chunks.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}

function readTrailers(bytes: Buffer): Record<string, string> {
  const lines = bytes.toString('latin1').split('\r\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]+):(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name.toLowerCase(), value?.trim() ?? '']];
    }),
  );
}
