import { AwsError } from '../../protocols/operation';

export interface StoredObject {
  readonly body: Uint8Array;
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly modifiedAt: Date;
  readonly checksums: Readonly<Record<string, string>>;
  readonly encryption: string;
  readonly kmsKeyId: string | undefined;
}

export interface Bucket {
  readonly name: string;
  readonly createdAt: Date;
  readonly objects: Map<string, StoredObject>;
}

/** The account's buckets, in memory. */
export class S3State {
  readonly buckets = new Map<string, Bucket>();

  constructor(readonly region: string) {}

  /** @throws AwsError where there is none */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  /** @throws AwsError where there is none */
  object(bucketName: string, key: string): StoredObject {
    const object = this.bucket(bucketName).objects.get(key);
    if (object !== undefined) return object;
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
}
