import { RDSClient } from '@aws-sdk/client-rds';
import { z } from 'zod';
import { findDrill, readArtefact } from '../lib/artefact-files';
import type { PlannedCluster, RestorePlan } from '../lib/artefacts/restore-plan';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, RefusalError, valueOf } from '../lib/errors';
import { planBacktrack } from '../lib/plan/backtrack';
import { RdsReader } from '../lib/plan/rds';
import { Backtracker } from '../lib/plan/rds-backtrack';
import { renderBacktrack } from '../lib/plan/render-backtrack';
import { checkSameSource } from '../lib/plan/still-restorable';
import { formatInstant, microsFromMillis, parseInstant } from '../lib/time';
import { rewind } from './backtrack/rewind';

const command = scriptCommand(
  'backtrack',
  'Rewinds the damaged cluster itself to the restore point, in place, where backtrack is on. Shows what that takes back; does it with --execute only. A restore beside it is the safer way.',
  ['--drill 2026-01-02-accounts', '--drill 2026-01-02-accounts --execute --yes-rewind trading'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--cluster <id>', 'which cluster of the plan (default: the damaged one)')
  .option('--execute', 'do it')
  .option('--yes-rewind <cluster>', 'the name of the cluster, to confirm that it is the one to rewind')
  .option('--force', 'also where binary logging is on: whoever reads the binary log loses its place')
  .option('--json', 'print the result as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  cluster: z.string().optional(),
  execute: z.boolean().default(false),
  yesRewind: z.string().optional(),
  force: z.boolean().default(false),
  json: z.boolean().default(false),
});

void runScript(command, options, async ({ execute, yesRewind, force, json, ...named }) => {
  const drill = valueOf(findDrill(named.drill ?? process.env['DRILL']));
  const incident = valueOf(readArtefact(drill, 'incident')).value;
  const plan = valueOf(readArtefact(drill, 'restorePlan')).value;
  const source = sourceNamed(plan, named.cluster);
  const client = new RDSClient({ region: plan.region });
  const rds = new RdsReader(client);
  const found = valueOf(await rds.fetchCluster(source.clusterIdentifier));
  valueOf(checkSameSource(drill, source, found));
  const now = microsFromMillis(Date.now());
  const planned = valueOf(planBacktrack(found, valueOf(parseInstant(plan.restoreTo)), now));
  if (!execute) {
    output.result(
      json
        ? JSON.stringify({ drill, cluster: found.identifier, to: plan.restoreTo, executed: false })
        : renderBacktrack(planned, incident, now),
    );
    output.say(
      `\nnext, if that is meant: npm run backtrack -- --drill ${drill} --cluster ${found.identifier} --execute --yes-rewind ${found.identifier}`,
    );
    return EXIT.ok;
  }
  if (yesRewind !== found.identifier) {
    throw new RefusalError({
      reason: 'not-confirmed',
      message: `--yes-rewind is ${yesRewind === undefined ? 'missing' : `'${yesRewind}'`}, expected the name of the cluster that is rewound in place, '${found.identifier}'`,
      hint: 'look at what it takes back first: leave out --execute',
    });
  }
  const ended = await rewind(new Backtracker(client), rds, force, planned);
  const to = ended.to ?? planned.to;
  output.result(
    json
      ? JSON.stringify({ drill, cluster: found.identifier, to: formatInstant(to), executed: true })
      : `DB cluster ${found.identifier} is rewound to ${formatInstant(to)}`,
  );
  if (to >= valueOf(parseInstant(incident.effect.earliestAt))) {
    output.refusal({
      reason: 'landed-late',
      message: `the nearest consistent time was ${formatInstant(to)}, and the damage can have been visible from ${incident.effect.earliestAt} on`,
      hint: 'look into the tables; if it is there, restore beside the cluster: the backups still reach the restore point',
    });
    return EXIT.refused;
  }
  output.say('next: look into the tables, and have the application connect anew');
  return EXIT.ok;
});

function sourceNamed({ clusters }: RestorePlan, wanted: string | undefined): PlannedCluster['source'] {
  const [{ source: damaged }] = clusters;
  const source = clusters
    .map((one) => one.source)
    .find(({ clusterIdentifier }) => clusterIdentifier === wanted);
  if (wanted === undefined) return damaged;
  if (source !== undefined) return source;
  throw new RefusalError({
    reason: 'not-in-plan',
    message: `DB cluster '${wanted}' is not one of the restore plan`,
    hint: `name one of ${clusters.map((one) => one.source.clusterIdentifier).join(', ')}`,
  });
}
