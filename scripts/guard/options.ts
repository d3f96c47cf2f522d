import { z } from 'zod';
import { scriptCommand } from '../../lib/cli';

export const command = scriptCommand(
  'guard',
  `Refuses a Terraform plan that does anything but what was approved. Synthesizes the stack, plans it, and keeps the plan for 'npm run apply'; or judges a plan of yours. Applies nothing.`,
  [
    '--drill spring --check-window',
    '--drill spring --stack repoint',
    '--drill spring --destroy',
    '--drill spring --plan-json plan.json',
  ],
)
  .option('--stack <stack>', 'restore or repoint: what is about to be applied', 'restore')
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--plan-json <file>',
    "what 'terraform show -json' printed of a plan; - reads stdin; nothing is kept for 'npm run apply'",
  )
  .option('--destroy', "a plan of 'destroy': it may delete what this drill has restored, and nothing else")
  .option(
    '--check-window',
    'ask RDS again: the restore point must still be restorable, and the new names still be free',
  )
  .option('--output <directory>', 'where to synthesize (default: drills/<id>/cdktf.out)')
  .option('--json', 'print the judgement as JSON');

export const stackOptions = {
  stack: z.enum(['restore', 'repoint']),
  drill: z.string().optional(),
  destroy: z.boolean().default(false),
  json: z.boolean().default(false),
};

export const noDestroyOfRepoint = [
  ({ stack, destroy }: { stack: string; destroy: boolean }): boolean => stack === 'restore' || !destroy,
  'a repoint is never destroyed: go the way back instead',
] as const;

export const options = z
  .strictObject({
    ...stackOptions,
    planJson: z.string().optional(),
    checkWindow: z.boolean().default(false),
    output: z.string().optional(),
  })
  .refine(...noDestroyOfRepoint)
  .refine(
    ({ stack, destroy, checkWindow }) => !checkWindow || (stack === 'restore' && !destroy),
    'only a restore has a window to check',
  );
