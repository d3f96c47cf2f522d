import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { interrupted, output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { EXIT } from '../lib/errors';
import { parseDurationMs } from '../lib/time';
import { readPolicies } from '../sandbox/roles';
import { startTradingScenario } from '../sandbox/scenario/trading-scenario';
import { startSandbox, type Sandbox } from '../sandbox/server';
import type { Settings } from '../sandbox/settings';
import { untilStarterIsGone } from '../lib/starter';

const duration = parsedBy(parseDurationMs);

const command = scriptCommand(
  'sandbox',
  'Runs local endpoints that stand for AWS, over real database engines, until interrupted. Prints one JSON line once ready.',
  ['', '--port 4566 --restorable-lag 5m', '--scenario trading-and-ledger', '--scenario none --verbose'],
)
  .option('--port <n>', 'port of the endpoints on 127.0.0.1; 0 takes any that is free', '0')
  .option('--engine <name>', 'what its clusters run: aurora-mysql or aurora-postgresql', 'aurora-mysql')
  .option(
    '--scenario <name>',
    'what happens in it: trading, trading-and-ledger (two clusters), or none',
    'trading',
  )
  .option('--region <name>', 'the region that it stands for')
  .option('--account-id <digits>', 'the account that it stands for')
  .option('--create-delay <duration>', 'until a cluster or instance is available, at the least (3s)')
  .option('--modify-delay <duration>', 'how long a change takes (2s)')
  .option('--delete-delay <duration>', 'until what was deleted is gone (2s)')
  .option('--restorable-lag <duration>', 'how far the latest restorable time stays behind (5s)')
  .option('--log-delay <duration>', 'until an audit record reaches its log group (4s)')
  .option('--log-jitter <duration>', 'by how much that varies (3s)')
  .option('--log-ingestion-delay <duration>', 'from then until queries find it (500ms)')
  .option('--query-duration <duration>', 'how long a Logs Insights query runs (800ms)')
  .option('--dns-propagation <duration>', 'until a changed DNS record is answered (2s)')
  .option('--deployment-minute <duration>', 'how long a minute of an AppConfig deployment takes (300ms)')
  .option('--policies <directory>', 'roles that are held to their policies: one <role>.json each')
  .option('--seed <n>', 'makes the variations repeatable (1)')
  .option('--until-stdin-ends', 'also end when standard input does, as it does when whoever started it dies')
  .option('--verbose', 'tell of every call, not only of those that were refused');

const optionsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65535),
  engine: z.enum(['aurora-mysql', 'aurora-postgresql']),
  scenario: z.enum(['trading', 'trading-and-ledger', 'none']),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional(),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  policies: z.string().optional(),
  seed: z.coerce.number().int().optional(),
  createDelay: duration.optional(),
  modifyDelay: duration.optional(),
  deleteDelay: duration.optional(),
  restorableLag: duration.optional(),
  logDelay: duration.optional(),
  logJitter: duration.optional(),
  logIngestionDelay: duration.optional(),
  queryDuration: duration.optional(),
  dnsPropagation: duration.optional(),
  deploymentMinute: duration.optional(),
  untilStdinEnds: z.boolean().default(false),
  verbose: z.boolean().default(false),
});

// whatever is still starting when the sandbox ends, ends with the process
void runScript(command, optionsSchema, async (options) => {
  const ended = whenToEnd(options.untilStdinEnds);
  const sandbox = await startSandbox({
    settings: settingsOf(options),
    engine: options.engine,
    say: (line) => {
      output.say(line);
    },
    verbose: options.verbose,
  });
  try {
    const policies = options.policies === undefined ? [] : [...readPolicies(options.policies)];
    const roles = Object.fromEntries(policies.map(([name, policy]) => [name, sandbox.putRole(name, policy)]));
    await runIn(sandbox, options.scenario, roles, ended);
  } finally {
    await sandbox.close();
  }
  return EXIT.ok;
}).then(() => process.exit());

async function runIn(
  sandbox: Sandbox,
  scenario: z.infer<typeof optionsSchema>['scenario'],
  roles: Readonly<Record<string, object>>,
  ended: Promise<string>,
): Promise<void> {
  const starting =
    scenario === 'none'
      ? Promise.resolve(undefined)
      : startTradingScenario(sandbox, { ledger: scenario === 'trading-and-ledger' });
  const endedEarly = await Promise.race([starting.then(() => undefined), ended]);
  if (endedEarly === undefined) {
    const { endpointUrl, env, envFile } = sandbox;
    output.result(JSON.stringify({ endpointUrl, env, clusters: sandbox.clusters(), roles }));
    output.say(`the sandbox is ready at ${endpointUrl}; Ctrl-C ends it`);
    output.say(`  to use it in another shell: . '${envFile}'`);
  }
  output.say(`the sandbox ends: ${await ended}`);
  if (endedEarly === undefined) await (await starting)?.close();
}

function settingsOf(options: z.infer<typeof optionsSchema>): Partial<Settings> {
  const given = {
    port: options.port,
    region: options.region,
    accountId: options.accountId,
    seed: options.seed,
    createDelayMs: options.createDelay,
    modifyDelayMs: options.modifyDelay,
    deleteDelayMs: options.deleteDelay,
    restorableLagMs: options.restorableLag,
    logDelayMs: options.logDelay,
    logJitterMs: options.logJitter,
    logIngestionDelayMs: options.logIngestionDelay,
    queryDurationMs: options.queryDuration,
    dnsPropagationMs: options.dnsPropagation,
    deploymentMinuteMs: options.deploymentMinute,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Resolves with the reason to end: a signal, or the end of whoever started the sandbox. With
 * `untilStdinEnds` instead of that the end of standard input, unless `keep` was written there: then
 * the sandbox lives on until it is told to end by a signal.
 */
async function whenToEnd(untilStdinEnds: boolean): Promise<string> {
  const signal = once(interrupted, 'abort').then(() => 'interrupted');
  const stdin = untilStdinEnds ? text(process.stdin) : undefined;
  const orphaned = untilStarterIsGone(process.env).then(() => 'whoever started it is gone');
  if (stdin === undefined) return Promise.race([signal, orphaned]);
  const ended = stdin.then((said) => (said.trim() === 'keep' ? signal : 'standard input ended'));
  return Promise.race([signal, ended]);
}
