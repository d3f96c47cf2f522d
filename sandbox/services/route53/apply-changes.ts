import { isIPv4, isIPv6 } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../protocols/operation';
import { isWithin } from './dns-names';
import { recordKey, type HostedZone, type RecordSet } from './zone';

export interface RecordChange {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly record: RecordSet;
}

/**
 * The zone's records after a batch: all of its changes or none.
 * @throws AwsError with every reason against the batch, in Route 53's words as far as they are known
 */
export function applyChanges(zone: HostedZone, changes: readonly RecordChange[]): Map<string, RecordSet> {
  const records = new Map(zone.records);
  const mistakes: string[] = [];
  for (const { action, record } of changes) {
    const mistake = mistakeOf(action, record, zone, records);
    if (mistake !== undefined) mistakes.push(mistake);
    else if (action === 'DELETE') records.delete(recordKey(record));
    else records.set(recordKey(record), record);
  }
  if (mistakes.length === 0) mistakes.push(...conflictsIn(zone, records, changes));
  if (mistakes.length > 0) throw new AwsError('InvalidChangeBatch', `[${mistakes.join(', ')}]`);
  return records;
}

function mistakeOf(
  action: RecordChange['action'],
  record: RecordSet,
  zone: HostedZone,
  records: ReadonlyMap<string, RecordSet>,
): string | undefined {
  const { name, type } = record;
  if (!isWithin(name, zone.name)) return `RRSet with DNS name ${name} is not permitted in zone ${zone.name}`;
  const existing = records.get(recordKey(record));
  const named = `resource record set [name='${name}', type='${type}']`;
  if (action === 'CREATE' && existing !== undefined) {
    return `Tried to create ${named} but it already exists`;
  }
  if (action === 'DELETE') {
    if (existing === undefined) return `Tried to delete ${named} but it was not found`;
    if (!sameRecords(existing, record)) {
      return `Tried to delete ${named} but the values provided do not match the current values`;
    }
    if (name === zone.name && type === 'SOA') {
      return 'A HostedZone must contain exactly one SOA record.';
    }
    if (name === zone.name && type === 'NS') {
      return 'A HostedZone must contain at least one NS record for the zone itself.';
    }
    return undefined;
  }
  if (type === 'CNAME' && name === zone.name) {
    return `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone.name}`;
  }
  return record.values.map((value) => mistakeInValue(type, value)).find((mistake) => mistake !== undefined);
}

function sameRecords(a: RecordSet, b: RecordSet): boolean {
  return a.ttlSeconds === b.ttlSeconds && isDeepStrictEqual([...a.values].sort(), [...b.values].sort());
}

function mistakeInValue(type: RecordSet['type'], value: string): string | undefined {
  const fatal = (code: string, why: string): string =>
    `Invalid Resource Record: 'FATAL problem: ${code} (${why}) encountered with '${value}''`;
  if (type === 'A' && !isIPv4(value)) {
    return fatal('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address');
  }
  if (type === 'AAAA' && !isIPv6(value)) {
    return fatal('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address');
  }
  if ((type === 'CNAME' || type === 'NS') && !/^[^\s.]{1,63}([.][^\s.]{1,63})*[.]?$/.test(value)) {
    return fatal('DomainLabelEmpty', 'Domain label is empty');
  }
  if (type === 'TXT' && !/^("([^"\\]|\\.)*"\s*)+$/.test(value)) {
    return fatal('InvalidCharacterString', 'Value should be enclosed in quotation marks');
  }
  return undefined;
}

/** A CNAME stands alone at its name. */
function conflictsIn(
  zone: HostedZone,
  records: ReadonlyMap<string, RecordSet>,
  changes: readonly RecordChange[],
): string[] {
  return changes
    .filter(({ record }) => records.has(recordKey(record)))
    .flatMap(({ record: { name, type } }) => {
      const others = [...records.values()].filter((other) => other.name === name && other.type !== type);
      const conflict = others.some((other) => type === 'CNAME' || other.type === 'CNAME');
      return conflict
        ? [
            `RRSet of type ${type} with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
          ]
        : [];
    });
}
