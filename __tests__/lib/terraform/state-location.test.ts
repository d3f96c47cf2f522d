import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { fetchApplied } from '../../../lib/terraform/applied';
import { forgetOtherBackend } from '../../../lib/terraform/forget-other-backend';
import { fetchS3State } from '../../../lib/terraform/s3-state';
import { backendOf, localState, type StateLocation } from '../../../lib/terraform/state-location';
import { AppConfigStack } from '../../../stacks/app-config-stack';
import { synthesize } from '../../stacks/synthesize';
import { repointPlan } from '../cutover/facts';

const s3: StateLocation = {
  kind: 's3',
  drill: 'spring',
  s3: { bucket: 'acme', prefix: 'drills', region: 'eu-central-1', usePathStyle: false },
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'state-location-'));
const home = process.cwd();
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const PLACE = {
  bucket: 'acme',
  key: 'drills/spring/restore.tfstate',
  region: 'eu-central-1',
  encrypt: true,
  use_lockfile: true,
};

describe('the backend of a stack', () => {
  test('is a file of its drill, or a locked and encrypted object of it', () => {
    expect(backendOf(localState('/repo/drills/d'), 'restore')).toEqual({
      type: 'local',
      config: { path: '/repo/drills/d/restore.tfstate' },
    });
    expect(backendOf(s3, 'restore')).toEqual({ type: 's3', config: PLACE });
    const { s3: settings } = s3;
    const own = { ...settings, kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/1', usePathStyle: true };
    expect(backendOf({ kind: 's3', drill: 'spring', s3: own }, 'restore').config).toEqual({
      ...PLACE,
      kms_key_id: 'arn:aws:kms:eu-central-1:123456789012:key/1',
      use_path_style: true,
    });
  });

  test('is declared by the stack, with a Terraform that can lock it', () => {
    const { terraform } = JSON.parse(synthesize((app) => new AppConfigStack(app, repointPlan(), s3))) as {
      terraform: { backend: unknown; required_version: string };
    };
    expect(terraform.backend).toEqual({ s3: { ...PLACE, key: 'drills/spring/repoint.tfstate' } });
    expect(terraform.required_version).toBe('>= 1.10.0, < 2.0.0');
  });
});

describe('what an initialization noted in a stack folder', () => {
  const file = path.join(folder, 'stack/.terraform/terraform.tfstate');

  test.each([
    ['the same object', backendOf(s3, 'restore'), true],
    ["another drill's object", backendOf({ ...s3, drill: 'summer' }, 'restore'), false],
    ['a file', backendOf(localState(folder), 'restore'), false],
  ])('is kept for its own backend only: %s', (_, backend, kept) => {
    mkdirSync(path.dirname(file), { recursive: true });
    const config = { ...PLACE, profile: null };
    writeFileSync(file, JSON.stringify({ backend: { type: 's3', config } }));
    forgetOtherBackend(path.join(folder, 'stack'), backend);
    expect(existsSync(file)).toBe(kept);
  });
});

describe('a state in S3', () => {
  const client = mockClient(S3Client);
  const place = { ...PLACE, encrypt: true, use_lockfile: true } as const;

  test('is read from its object, and empty where there is none yet', async () => {
    client.on(GetObjectCommand, { Bucket: 'acme', Key: PLACE.key }).resolves({
      Body: { transformToString: () => Promise.resolve('{"version":4}') } as never,
    });
    expect(await fetchS3State(place, new S3Client({}))).toBe('{"version":4}');
    client.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no such key', $metadata: {} }));
    expect(await fetchS3State(place, new S3Client({}))).toBeUndefined();
  });

  test('does not hide what was restored before, with its state in a file', async () => {
    process.chdir(folder);
    mkdirSync('drills/d', { recursive: true });
    writeFileSync('restore-drill.yaml', 'state: { s3: { bucket: acme, region: eu-central-1 } }');
    const attributes = { cluster_identifier: 'trading-d' };
    const resource = { mode: 'managed', type: 'aws_rds_cluster', name: 'x', instances: [{ attributes }] };
    writeFileSync('drills/d/restore.tfstate', JSON.stringify({ version: 4, resources: [resource] }));
    await expect(fetchApplied('d')).rejects.toThrow(
      /but restore-drill.yaml says S3\n.*aws s3 cp .*restore.tfstate s3:\/\/acme\/restore-drills\/d\/restore.tfstate/,
    );
  });
});
