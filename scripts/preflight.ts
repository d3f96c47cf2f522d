import { z } from 'zod';
import { interrupted, output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf } from '../lib/errors';
import { STEPS } from '../lib/plan/actions';
import { renderReadiness } from '../lib/plan/readiness-line';
import { settingsJsonSchema } from '../lib/settings';
import { readSettings } from '../lib/settings-file';
import type { TerraformSetup } from '../lib/terraform/terraform-environment';
import { checkCluster } from './preflight/cluster';
import { checkState } from './preflight/state';
import { checkTerraform } from './preflight/terraform';

const command = scriptCommand(
  'preflight',
  'Checks that this machine can restore: Terraform, its provider and its state; with --cluster also that credentials, permissions and the cluster are ready for the day. Changes nothing.',
  ['', '--cluster trading', '--cluster trading --for read restore cut-over', '--print-env'],
)
  .option('--cluster <id>', 'also check credentials and this DB cluster')
  .option(
    '--for <step...>',
    `what the caller is to do, of ${STEPS.join(', ')}: permissions that these lack fail, others are a warning`,
    ['read'],
  )
  .option(
    '--lasting-state',
    "fail where Terraform's state lies on this disk: a pipeline's runner forgets it, and with it what it restored",
  )
  .option(
    '--provider-mirror <directory>',
    "a local mirror of Terraform's provider (default: environment variable TF_PROVIDER_MIRROR)",
  )
  .option(
    '--print-env',
    'print what a shell must export for npx cdktf to work here: eval "$(npm run --silent preflight -- --print-env)"',
  )
  .option(
    '--settings-schema',
    'print the JSON schema of restore-drill.yaml, for editors, and do nothing else',
  )
  .option('--json', 'print the checks as JSON');

const options = z.strictObject({
  cluster: z.string().optional(),
  for: z.array(z.enum(STEPS)),
  lastingState: z.boolean().default(false),
  providerMirror: z.string().optional(),
  printEnv: z.boolean().default(false),
  settingsSchema: z.boolean().default(false),
  json: z.boolean().default(false),
});

void runScript(
  command,
  options,
  async ({ cluster, providerMirror, printEnv, settingsSchema, json, ...asked }) => {
    if (settingsSchema) {
      output.result(JSON.stringify(settingsJsonSchema(), null, 2));
      return EXIT.ok;
    }
    const settings = valueOf(readSettings());
    const terraform = await checkTerraform(providerMirror, settings);
    const lines = [
      ...terraform.lines,
      ...(await checkState(settings, asked.lastingState)),
      ...(cluster === undefined ? [] : await checkCluster(cluster, settings, asked.for)),
    ];
    interrupted.throwIfAborted();
    const ready = lines.every(({ verdict }) => verdict !== 'fail');

    const text = lines.map(renderReadiness).join('\n');
    if (printEnv) {
      output.say(text);
      output.result(exportLines(terraform.setup?.shellEnvironment ?? {}));
    } else {
      output.result(json ? JSON.stringify({ ready, checks: lines }, null, 2) : text);
      if (terraform.setup !== undefined) sayWhatTheShellNeeds(terraform.setup);
    }
    return ready ? EXIT.ok : EXIT.refused;
  },
);

/** A provider that only our own CLI configuration finds is out of reach for what a person types. */
function sayWhatTheShellNeeds({ provider, shellEnvironment }: TerraformSetup): void {
  const name = 'TF_CLI_CONFIG_FILE';
  if (provider.kind !== 'mirror' || process.env[name] === shellEnvironment[name]) return;
  output.say('for npx cdktf in this shell: eval "$(npm run --silent preflight -- --print-env)"');
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}
