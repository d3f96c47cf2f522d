import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkStackFiles } from '../../../lib/terraform/stack-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'stack-files-'));
  for (const name of ['cdk.tf.json', '.terraform.lock.hcl', 'metadata.json', 'plan']) put(name);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string): void {
  writeFileSync(path.join(folder, name), '{}');
}

test('a folder with what was synthesized passes', () => {
  expect(checkStackFiles(folder)).toEqual({ ok: true, value: undefined });
});

test.each(['ephemeral.tf', 'more.tf.json', 'cdk_override.tf.json', 'x.tofu'])(
  'a folder with %s in it is refused before Terraform reads it',
  (name) => {
    put(name);
    expect(checkStackFiles(folder)).toMatchObject({
      refusal: {
        reason: 'foreign-configuration',
        message: `${folder} holds ${name} beside cdk.tf.json, which Terraform would run too`,
      },
    });
  },
);
