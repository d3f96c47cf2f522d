import type { Change } from './route53-state';
import type { HostedZone, RecordSet } from './zone';

export function renderZone(zone: HostedZone): object {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment, PrivateZone: zone.vpc !== undefined },
    ResourceRecordSetCount: zone.records.size,
  };
}

export function renderRecordSet({ name, type, ttlSeconds, values }: RecordSet): object {
  return {
    Name: name,
    Type: type,
    TTL: ttlSeconds,
    ResourceRecords: values.map((Value) => ({ Value })),
  };
}

export function renderChange({ id, inSync, submittedAt, comment }: Change): object {
  return {
    Id: `/change/${id}`,
    Status: inSync ? 'INSYNC' : 'PENDING',
    SubmittedAt: submittedAt,
    Comment: comment,
  };
}
