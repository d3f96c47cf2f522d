import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSettings } from '../../lib/settings';
import { parseOwnChecks } from '../../lib/verify/own-checks/own-checks-file';

const page = readFileSync(path.resolve(__dirname, '../../docs/CONFIGURATION.md'), 'utf8');
const [settings = '', checks = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? '',
);

test('the settings of CONFIGURATION.md are settings', () => {
  expect(parseSettings(settings)).toMatchObject({
    ok: true,
    value: { targets: { rtoMs: 3_600_000, rpoMs: 300_000 }, state: { s3: { prefix: 'restore-drills' } } },
  });
});

test('its checks are checks', () => {
  expect(parseOwnChecks('restore-checks.yaml', checks, [])).toMatchObject({
    ok: true,
    value: [{ name: 'accounts-are-there' }],
  });
});
