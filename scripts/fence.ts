import { z } from 'zod';
import { findDrill, readArtefact } from '../lib/artefact-files';
import type { Fence } from '../lib/artefacts/fence';
import { output, runScript, scriptCommand } from '../lib/cli';
import {
  describeFence,
  extendFence,
  planFence,
  type FencedCluster,
  type FenceWish,
} from '../lib/cutover/fence';
import { oneAtATime } from '../lib/cutover/one-at-a-time';
import { EXIT, type ExitCode, RefusalError, valueOf } from '../lib/errors';
import { DrillDatabases } from './repoint/databases';
import { fenceTools, liftFences, readFence, setFences, standingFence, toLift } from './repoint/fence';

const command = scriptCommand(
  'fence',
  `Keeps the old cluster from being written to, so that no write is lost between it and the restored one. Shows what it would change; --execute does it, --lift undoes it, and so does npm run undo.

Environment:
  DRILL_DB_USER, DRILL_DB_PASSWORD  a user that may lock accounts and end the sessions of others`,
  [
    '--drill spring --by security-group --isolated-group sg-0123456789abcdef0 --execute',
    '--drill spring --by revoke --user shop_app --user shop_batch --execute',
    '--drill spring --lift --execute',
  ],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--by <way>',
    'security-group: a group that lets nobody in takes the place of its own; revoke: the users cannot log in any more',
  )
  .option('--isolated-group <id>', 'that group; it must exist in the VPC of the cluster')
  .option('--user <name...>', 'the database users by which the application connects')
  .option('--lift', 'give the cluster back what it had before')
  .option('--execute', 'do it')
  .option('--json', 'print the fence as JSON');

const options = z
  .strictObject({
    drill: z.string().optional(),
    by: z.enum(['security-group', 'revoke']).optional(),
    isolatedGroup: z
      .string()
      .regex(/^sg-[0-9a-f]+$/, 'the id of a security group, such as sg-0123456789abcdef0')
      .optional(),
    user: z.array(z.string().min(1)).default([]),
    lift: z.boolean().default(false),
    execute: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(({ by, isolatedGroup }) => (by === 'security-group') === (isolatedGroup !== undefined), {
    message: '--by security-group and --isolated-group need each other',
  })
  .refine(({ by, user }) => (by === 'revoke') === user.length > 0, {
    message: '--by revoke and --user need each other',
  });

void runScript(command, options, (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const run = (): Promise<ExitCode> => fence(drill, asked);
  return asked.execute ? oneAtATime(drill, 'fence', run) : run();
});

async function fence(
  drill: string,
  { lift, execute, json, ...asked }: z.infer<typeof options>,
): Promise<ExitCode> {
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  const databases = new DrillDatabases(plan.value, process.env);
  const tools = fenceTools(plan.value, databases);
  const before = readFence(drill);
  const show = (clusters: readonly FencedCluster[], fence: Fence | undefined): void => {
    output.result(
      json ? JSON.stringify(fence ?? { clusters }, null, 2) : clusters.map(describeFence).join('\n'),
    );
  };
  try {
    const wish = wishOf(asked);
    const fence = lift ? toLift(drill, before) : standingFence(drill, before, wish);
    const clusters =
      lift || wish === undefined || (fence !== undefined && wish.by === 'security-group')
        ? (fence?.clusters ?? noWay())
        : extendFence(fence?.clusters, valueOf(await planFence(plan.value, wish, tools)));
    const undone = lift ? 'undone: ' : '';
    if (!execute) {
      show(clusters, undefined);
      output.say(`\n${undone}nothing is changed yet; the same command with --execute does it`);
      return EXIT.ok;
    }
    const madeFrom = { 'restore-plan.json': plan.sha256 };
    const after =
      lift && fence !== undefined
        ? await liftFences(fence, tools)
        : await setFences({ drill, madeFrom }, clusters, tools);
    show(clusters, after);
    output.say(
      lift
        ? '\nthe fence is lifted'
        : `\nthe fence is set; next: npm run apply -- --drill ${drill} --stack repoint; it is lifted by: npm run fence -- --drill ${drill} --lift --execute`,
    );
    return EXIT.ok;
  } finally {
    await databases.close();
  }
}

function wishOf({
  isolatedGroup,
  user,
}: {
  isolatedGroup?: string | undefined;
  user: string[];
}): FenceWish | undefined {
  if (isolatedGroup !== undefined) return { by: 'security-group', isolatedGroupId: isolatedGroup };
  return user.length > 0 ? { by: 'revoke', users: user } : undefined;
}

function noWay(): never {
  throw new RefusalError({
    reason: 'no-way',
    message: 'it was not said how to fence',
    hint: 'add --by security-group --isolated-group ID, or --by revoke --user NAME',
  });
}
