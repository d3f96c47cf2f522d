import { z } from 'zod';
import { findDrill, readArtefact, readEvenIfStale, writeArtefact } from '../lib/artefact-files';
import type { RepointPlan } from '../lib/artefacts/repoint-plan';
import { output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { checkSameChecks } from '../lib/cutover/appliable';
import { readChecksFile } from '../lib/cutover/checks-file';
import { AT_ONCE } from '../lib/cutover/appconfig';
import { planRepoint } from '../lib/cutover/plan-repoint';
import { renderRepoint } from '../lib/cutover/render-repoint';
import { checkNotExchanged, checkStillVerified } from '../lib/cutover/still-there';
import { readSwap } from '../lib/cutover/swap-journal';
import { parseAppConfig, parseDnsRecord, parseSecret, parseSsmParameter } from '../lib/cutover/targets';
import { EXIT, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { fetchCallerIdentity } from '../lib/plan/sts';
import { microsFromMillis } from '../lib/time';
import { fetchRestored } from './repoint/restored';
import { fetchTargets, requestsOf } from './repoint/targets';

const command = scriptCommand(
  'plan-repoint',
  'Decides what brings the application over to the restored cluster, and saves what brings it back, in drills/<id>/repoint-plan.json. Changes nothing in AWS. The way back is npm run undo.',
  [
    '--drill 2026-01-02-accounts --ssm-parameter /trading/db/host',
    '--drill 2026-01-02-accounts --secret prod/trading/db#host --dns-record example.internal/db.example.internal',
    '--drill 2026-01-02-accounts --appconfig trading/prod/database#/database/host',
  ],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--ssm-parameter <name...>',
    'an SSM parameter, String or SecureString; those of an earlier plan stay in',
  )
  .option('--secret <name#key...>', "one key of a secret's JSON; without #key the secret is the text itself")
  .option('--dns-record <zone/name...>', 'a CNAME in Route 53; the zone by id or domain name')
  .option(
    '--appconfig <application/environment/profile#key...>',
    'a value in a configuration that AppConfig hosts; a key into nested objects is a JSON pointer',
  )
  .option('--deployment-strategy <id>', 'how AppConfig deploys it', AT_ONCE)
  .option('--any-value', "repoint a target even if it holds another host than the source cluster's")
  .option(
    '--override-verification <reason>',
    'go on without a passed verification; the report gives the reason',
  )
  .option('--json', 'print the plan as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  ssmParameter: z.array(parsedBy(parseSsmParameter)).default([]),
  secret: z.array(parsedBy(parseSecret)).default([]),
  dnsRecord: z.array(parsedBy(parseDnsRecord)).default([]),
  appconfig: z.array(parsedBy(parseAppConfig)).default([]),
  deploymentStrategy: z.string().min(1),
  anyValue: z.boolean().default(false),
  overrideVerification: z.string().trim().min(10, 'a reason in at least ten characters').optional(),
  json: z.boolean().default(false),
});

void runScript(command, options, async (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const restorePlan = valueOf(readArtefact(drill, 'restorePlan'));
  const override = asked.overrideVerification;
  const verified = readArtefact(drill, 'verification');
  const verification = override === undefined || verified.ok ? valueOf(verified) : undefined;
  if (override === undefined && verification !== undefined) {
    valueOf(checkSameChecks(drill, verification.value, readChecksFile(verification.value)));
  }
  valueOf(checkNotExchanged(drill, readSwap(drill)));
  const previous = previousPlan(drill);
  const requests = [...asked.ssmParameter, ...asked.secret, ...asked.dnsRecord, ...asked.appconfig];
  const [{ account }, region, found, there] = await Promise.all([
    fetchCallerIdentity(),
    new RdsReader().region(),
    fetchTargets(requestsOf(previous, requests), asked.deploymentStrategy),
    fetchRestored(restorePlan.value),
  ]);
  const restored = verification?.value.clusters.map((cluster) => cluster.restored) ?? there;
  valueOf(checkStillVerified(restored, there));
  const facts = {
    restorePlan: restorePlan.value,
    restorePlanSha256: restorePlan.sha256,
    verification,
    override,
    restored,
    account,
    region,
    found,
    previous,
    now: microsFromMillis(Date.now()),
  };
  const planned = valueOf(planRepoint(facts, 'forward', asked.anyValue));
  const written = writeArtefact(drill, 'repointPlan', planned.plan);
  output.result(asked.json ? JSON.stringify(written.value, null, 2) : renderRepoint(planned));
  output.say(`\nwrote ${written.path}`);
  const run = (what: string): string => `npm run ${what} -- --drill ${drill} --stack repoint`;
  output.say(`next: review it, then '${run('guard')}' and '${run('apply')}'`);
  return EXIT.ok;
});

/** Its saved values hold even where verification was done again since. */
function previousPlan(drill: string): RepointPlan | undefined {
  const previous = readEvenIfStale(drill, 'repointPlan');
  if (!previous.ok && previous.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(previous).value;
}
