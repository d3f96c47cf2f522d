import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { EXIT, messageOf, RefusalError, type ExitCode, type Outcome } from './errors';
import { makeOutput, type Output } from './output';

// the SDK's warning about coming Node versions would stand above every answer
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Aborts on Ctrl-C or SIGTERM: long waits and queries stop, what is unfinished is left for the next run to continue. */
const interruption = new AbortController();
export const interrupted: AbortSignal = interruption.signal;

export const output: Output = makeOutput(process.stdout, process.stderr, () => performance.now());

/**
 * The command of one script: `npm run <name> -- --help` shows its summary, options and examples.
 * Add options and an action that returns an exit code (nothing means `EXIT.ok`).
 */
export function scriptCommand(name: string, summary: string, examples: readonly string[]): Command {
  const shown = examples.map((example) => `  $ npm run ${name} -- ${example}`).join('\n');
  return new Command(`npm run ${name} --`)
    .description(summary)
    .addHelpText(
      'after',
      `\nExamples:\n${shown}\n\nExit codes: 0 done, 1 unexpected failure, 2 wrong usage, 3 refused, 4 nothing found`,
    )
    .showHelpAfterError('  next: add --help for the options and an example')
    .exitOverride();
}

/**
 * Runs a script to its exit code: usage errors are 2, refusals 3, anything unexpected 1.
 * `schema` turns commander's options (camel case, strings and booleans) into the action's; what it
 * rejects is a usage error. A second Ctrl-C ends the process at once.
 */
export async function runScript<Options>(
  command: Command,
  schema: z.ZodType<Options>,
  action: (options: Options) => Promise<ExitCode> | ExitCode,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interruption.abort(new Error(`interrupted by ${signal}`));
    });
  }
  command.action(async () => {
    const options = schema.safeParse(command.opts());
    if (!options.success) command.error(`wrong options:\n${z.prettifyError(options.error)}`);
    process.exitCode = await action(options.data);
  });
  try {
    await command.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = explain(error, command.opts()['json'] === true || process.argv.includes('--json'));
  }
}

function explain(error: unknown, json: boolean): ExitCode {
  const fail = (message: string, hint: string): void => {
    if (json) output.result(JSON.stringify({ error: { message, hint } }));
  };
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    fail(error.message.replace(/^error: /, ''), 'add --help for the options and an example');
    return EXIT.usage;
  }
  if (error instanceof RefusalError) {
    output.refusal(error.refusal);
    if (json) output.result(JSON.stringify({ refused: error.refusal }));
    return EXIT.refused;
  }
  if (interrupted.aborted) {
    output.say(messageOf(interrupted.reason));
    fail(messageOf(interrupted.reason), 'run it again');
    return EXIT.failure;
  }
  output.say(`failed: ${messageOf(error)}`);
  const hint = hintFor(error);
  if (hint !== undefined) output.say(`  next: ${hint}`);
  fail(messageOf(error), hint ?? 'run it again with DEBUG=1 in the environment for where it failed');
  if (process.env['DEBUG'] !== undefined && error instanceof Error) output.say(error.stack ?? '');
  return EXIT.failure;
}

/** What to look at when the world outside does not answer as it should. */
function hintFor(error: unknown): string | undefined {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (typeof code === 'string' && UNREACHABLE.has(code)) {
    const aws = endpoint === undefined ? "AWS's own endpoints" : `AWS_ENDPOINT_URL, which is ${endpoint}`;
    return `nothing answers there: check the network, and for AWS ${aws}`;
  }
  if (name === 'CredentialsProviderError') return 'log in to AWS in this shell, or set AWS_PROFILE';
  if (messageOf(error) === 'Region is missing') return 'set AWS_REGION, or a region in the AWS profile';
  return undefined;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** An option that one of lib's parsers reads; its refusal is a usage error. */
export function parsedBy<T>(parse: (text: string) => Outcome<T>): z.ZodType<T> {
  return z.string().transform((text, context) => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: `${parsed.refusal.message}: ${parsed.refusal.hint}` });
    return z.NEVER;
  });
}
