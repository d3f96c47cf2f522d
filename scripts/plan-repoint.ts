import { z } from 'zod';
import { findDrill, readArtefact, readEvenIfStale, writeArtefact } from '../lib/artefact-files';
import type { RepointPlan } from '../lib/artefacts';
import { output, runScript, scriptCommand } from '../lib/cli';
import { planRepoint } from '../lib/cutover/plan-repoint';
import { renderRepoint } from '../lib/cutover/render-repoint';
import { fetchParameter } from '../lib/cutover/ssm';
import { EXIT, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { fetchCallerIdentity } from '../lib/plan/sts';
import { microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'plan-repoint',
  'Decides what brings the application over to the restored cluster, and saves what brings it back, in drills/<id>/repoint-plan.json. Changes nothing in AWS.',
  ['--drill 2026-01-02-accounts --ssm-parameter /trading/db/host', '--drill 2026-01-02-accounts --back'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--ssm-parameter <name...>',
    "an SSM parameter that holds the application's database host; those of an earlier plan stay in",
  )
  .option('--back', 'plan the way back, to the values from before the first repoint')
  .option('--any-value', "repoint a parameter even if it does not hold the source cluster's endpoint")
  .option('--json', 'print the plan as JSON');

const options = z
  .strictObject({
    drill: z.string().optional(),
    ssmParameter: z.array(z.string().regex(/^[\w./-]+$/, 'the name of an SSM parameter')).default([]),
    back: z.boolean().default(false),
    anyValue: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(({ back, ssmParameter }) => !back || ssmParameter.length === 0, {
    message: '--back takes back every target of the plan: leave out --ssm-parameter',
  });

void runScript(command, options, async ({ ssmParameter: asked, back, anyValue, json, ...named }) => {
  const drill = valueOf(findDrill(named.drill ?? process.env['DRILL']));
  const restorePlan = valueOf(readArtefact(drill, 'restorePlan'));
  const verification = valueOf(readArtefact(drill, 'verification'));
  const previous = previousPlan(drill);
  const saved = previous?.targets.map(({ name }) => name) ?? [];
  const names = [...new Set([...saved, ...(back ? [] : asked)])];
  const [{ account }, region, parameters] = await Promise.all([
    fetchCallerIdentity(),
    new RdsReader().region(),
    Promise.all(names.map(async (name) => valueOf(await fetchParameter(name)))),
  ]);

  const planned = valueOf(
    planRepoint(
      {
        restorePlan: restorePlan.value,
        restorePlanSha256: restorePlan.sha256,
        verification: verification.value,
        verificationSha256: verification.sha256,
        account,
        region,
        parameters,
        previous,
        now: microsFromMillis(Date.now()),
      },
      back ? 'back' : 'forward',
      anyValue,
    ),
  );
  const written = writeArtefact(drill, 'repointPlan', planned.plan);
  output.result(json ? JSON.stringify(written.value, null, 2) : renderRepoint(planned));
  output.say(`\nwrote ${written.path}`);
  output.say(`next: review it, then 'DRILL=${drill} npx cdktf deploy repoint'`);
  return EXIT.ok;
});

/** Its saved values hold even where verification was done again since. */
function previousPlan(drill: string): RepointPlan | undefined {
  const previous = readEvenIfStale(drill, 'repointPlan');
  if (!previous.ok && previous.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(previous).value;
}
