import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { S3State } from '../settings';
import type { Backend } from './state-location';

type S3Place = Extract<Backend, { type: 's3' }>['config'];

/** The text of a state in S3; undefined where nothing was applied yet. */
export async function fetchS3State(place: S3Place, client?: S3Client): Promise<string | undefined> {
  // loaded where it is needed: a synthesis with local state does without
  const { GetObjectCommand, NoSuchKey, S3Client } = await import('@aws-sdk/client-s3');
  const { bucket, key, region, use_path_style: forcePathStyle = false } = place;
  const s3 = client ?? new S3Client({ region, forcePathStyle });
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** A lock that Terraform holds, or has left behind, on a state in S3. */
export interface StateLock {
  readonly key: string;
  /** `user@host`, as Terraform wrote it; null where the lock cannot be read. */
  readonly who: string | null;
  readonly id: string | null;
}

export interface StateBucket {
  readonly versioned: boolean;
  readonly locks: readonly StateLock[];
}

const lockSchema = z.object({ ID: z.string(), Who: z.string() });

/**
 * Looks at the bucket of the states: that it can be read, keeps older versions, and which states are
 * locked now.
 * @throws what S3 answers where it cannot be reached or read
 */
export async function fetchStateBucket(settings: S3State, client?: S3Client): Promise<StateBucket> {
  const { GetBucketVersioningCommand, GetObjectCommand, paginateListObjectsV2, S3Client } =
    await import('@aws-sdk/client-s3');
  const { bucket: Bucket, prefix, region, usePathStyle: forcePathStyle } = settings;
  const s3 = client ?? new S3Client({ region, forcePathStyle });
  const { Status: status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
  const locks: StateLock[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: `${prefix}/` })) {
    for (const { Key: key = '' } of page.Contents ?? []) {
      if (!key.endsWith('.tflock')) continue;
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      const lock = lockSchema.safeParse(JSON.parse((await body?.transformToString()) ?? 'null'));
      locks.push({ key, who: lock.data?.Who ?? null, id: lock.data?.ID ?? null });
    }
  }
  return { versioned: status === 'Enabled', locks };
}
