import { readFileSync } from 'node:fs';
import path from 'node:path';
import { valueOf } from '../../lib/errors';
import { parseSettings, settingsJsonSchema } from '../../lib/settings';

describe('restore-drill.yaml', () => {
  test('need not say anything', () => {
    expect(valueOf(parseSettings(''))).toEqual({ readiness: { backupRetentionDays: 7 }, targets: {} });
    expect(valueOf(parseSettings('# nothing yet\n'))).toEqual(valueOf(parseSettings('')));
  });

  test('says where the state lies, what to expect, and the targets', () => {
    const text = `
account: "123456789012"
region: eu-central-1
state:
  s3: { bucket: acme-terraform, region: eu-west-1, kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/1" }
readiness: { backupRetentionDays: 14 }
targets: { rto: 1h, rpo: 5m }
`;
    expect(valueOf(parseSettings(text))).toEqual({
      account: '123456789012',
      region: 'eu-central-1',
      state: {
        s3: {
          bucket: 'acme-terraform',
          prefix: 'restore-drills',
          region: 'eu-west-1',
          kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1',
          usePathStyle: false,
        },
      },
      readiness: { backupRetentionDays: 14 },
      targets: { rtoMs: 3_600_000, rpoMs: 300_000 },
    });
  });

  test.each([
    ['an unknown key', 'acount: "123456789012"', 'Unrecognized key: "acount"'],
    ['an unknown key below', 'targets: { rtos: 1h }', 'Unrecognized key: "rtos"'],
    ['an account that is a number', 'account: 123456789012', 'expected string'],
    ['a duration without a unit', 'targets: { rto: 60 }', 'targets.rto'],
    ['a state without a region', 'state: { s3: { bucket: acme } }', 'state.s3.region'],
    ['a prefix that ends in a slash', 'state: { s3: { bucket: acme, region: r, prefix: a/ } }', 'prefix'],
    ['what is not YAML', 'a: [', 'restore-drill.yaml: '],
    ['a list', '- account', 'expected object'],
  ])('%s is refused', (_, text, message) => {
    expect(parseSettings(text)).toMatchObject({
      ok: false,
      refusal: { reason: 'invalid-settings', message: expect.stringContaining(message) as string },
    });
  });

  test('has the JSON schema that docs/ hands to editors', () => {
    const file = path.join(__dirname, '../../docs/restore-drill.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(settingsJsonSchema());
  });
});
