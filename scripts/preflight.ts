import { z } from 'zod';
import { interrupted, output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, messageOf, type Refusal } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { checkReadiness } from '../lib/plan/readiness';
import { renderReadiness, type ReadinessLine } from '../lib/plan/readiness-line';
import { fetchCallerIdentity } from '../lib/plan/sts';
import { findTerraform } from '../lib/terraform/terraform-binary';
import {
  setUpProvider,
  TERRAFORM_DIRECTORY,
  type TerraformSetup,
} from '../lib/terraform/terraform-environment';
import { microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'preflight',
  'Checks that this machine can restore: Terraform and its provider; with --cluster also that credentials and the cluster are ready. Changes nothing in AWS.',
  ['', '--cluster trading', '--print-env'],
)
  .option('--cluster <id>', 'also check credentials and this DB cluster')
  .option(
    '--provider-mirror <directory>',
    "a local mirror of Terraform's provider (default: environment variable TF_PROVIDER_MIRROR)",
  )
  .option(
    '--print-env',
    'print what a shell must export for npx cdktf to work here: eval "$(npm run --silent preflight -- --print-env)"',
  )
  .option('--json', 'print the checks as JSON');

const options = z.strictObject({
  cluster: z.string().optional(),
  providerMirror: z.string().optional(),
  printEnv: z.boolean().default(false),
  json: z.boolean().default(false),
});

const PROVIDER = 'provider hashicorp/aws';

void runScript(command, options, async ({ cluster, providerMirror, printEnv, json }) => {
  const terraform = await checkTerraform(providerMirror);
  const lines = [...terraform.lines, ...(cluster === undefined ? [] : await checkCluster(cluster))];
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
});

async function checkTerraform(
  providerMirror: string | undefined,
): Promise<{ lines: ReadinessLine[]; setup?: TerraformSetup }> {
  const binary = await findTerraform(process.env);
  if (!binary.ok) return { lines: [failed('terraform', binary.refusal)] };
  const { command: name, version } = binary.value;
  const found: ReadinessLine = { verdict: 'pass', title: 'terraform', finding: `${name} ${version}` };
  const options = { env: process.env, directory: TERRAFORM_DIRECTORY, providerMirror };
  const setup = await setUpProvider(binary.value, options);
  if (!setup.ok) return { lines: [found, failed(PROVIDER, setup.refusal)] };
  const { description: finding } = setup.value.provider;
  return { lines: [found, { verdict: 'pass', title: PROVIDER, finding }], setup: setup.value };
}

function failed(title: string, { message: finding, hint: remedy }: Refusal): ReadinessLine {
  return { verdict: 'fail', title, finding, remedy };
}

/** A provider that only our own CLI configuration finds is out of reach for what a person types. */
function sayWhatTheShellNeeds({ provider, shellEnvironment }: TerraformSetup): void {
  const name = 'TF_CLI_CONFIG_FILE';
  if (provider.kind !== 'mirror' || process.env[name] === shellEnvironment[name]) return;
  output.say('for npx cdktf in this shell: eval "$(npm run --silent preflight -- --print-env)"');
}

async function checkCluster(identifier: string): Promise<ReadinessLine[]> {
  const rds = new RdsReader();
  try {
    const [{ account, arn }, region] = await Promise.all([fetchCallerIdentity(), rds.region()]);
    const credentials: ReadinessLine = {
      verdict: 'pass',
      title: 'credentials',
      finding: `${arn}, account ${account}, ${region}`,
    };
    const facts = await rds.fetchFacts(identifier);
    if (!facts.ok) return [credentials, failed('cluster', facts.refusal)];
    const { source } = facts.value;
    const parameters = await rds.fetchClusterParameters(source.parameterGroup);
    return [credentials, ...checkReadiness(source, parameters, microsFromMillis(Date.now()))];
  } catch (error) {
    return [
      failed('AWS', {
        reason: 'unreachable',
        message: messageOf(error),
        hint: 'set AWS_REGION and credentials (such as AWS_PROFILE) that may describe RDS clusters',
      }),
    ];
  }
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}
