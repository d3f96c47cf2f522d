import path from 'node:path';
import type { S3State } from '../settings';

/** Where Terraform keeps the states of a drill's stacks. */
export type StateLocation =
  | {
      readonly kind: 'local';
      /** `drills/<id>`: beside the artefacts, but ignored by git. */ readonly directory: string;
    }
  | { readonly kind: 's3'; readonly drill: string; readonly s3: S3State };

/** A backend block of Terraform's, by its type. */
export type Backend =
  | { readonly type: 'local'; readonly config: { readonly path: string } }
  | {
      readonly type: 's3';
      readonly config: {
        readonly bucket: string;
        readonly key: string;
        readonly region: string;
        readonly encrypt: true;
        readonly use_lockfile: true;
        readonly kms_key_id?: string;
        readonly use_path_style?: true;
      };
    };

/** S3 locks by a file beside the state (`use_lockfile`), which Terraform and OpenTofu know from 1.10 on. */
export const S3_BACKEND_SINCE = '1.10.0';

export function localState(directory: string): StateLocation {
  return { kind: 'local', directory };
}

export function backendOf(location: StateLocation, stack: string): Backend {
  if (location.kind === 'local') {
    return { type: 'local', config: { path: path.join(location.directory, `${stack}.tfstate`) } };
  }
  const { bucket, prefix, region, kmsKeyId, usePathStyle } = location.s3;
  return {
    type: 's3',
    config: {
      bucket,
      key: `${prefix}/${location.drill}/${stack}.tfstate`,
      region,
      encrypt: true,
      use_lockfile: true,
      ...(kmsKeyId === undefined ? {} : { kms_key_id: kmsKeyId }),
      ...(usePathStyle ? { use_path_style: true } : {}),
    },
  };
}
