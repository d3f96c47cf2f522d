import { z } from 'zod';
import { parsedBy, scriptCommand } from '../../lib/cli';
import { parseMethod } from '../../lib/plan/choose-method';
import { parseDurationMs } from '../../lib/time';

export const command = scriptCommand(
  'plan',
  'Decides how to restore: reads the source cluster, checks the restorable window, and writes drills/<id>/restore-plan.json for review. Changes nothing in AWS.',
  [
    '--drill 2026-01-02-accounts',
    '--drill 2026-01-02-accounts --show --markdown',
    '--drill 2026-01-02-accounts --instances 1 --instance-class db.t4g.medium',
    '--drill 2026-01-02-accounts --with-cluster orders --with-cluster ledger',
    '--drill 2026-01-02-accounts --method snapshot:rds:trading-2026-01-01-03-10',
  ],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--with-cluster <id...>', 'further clusters to restore to the same instant')
  .option(
    '--method <method>',
    'point-in-time, snapshot or snapshot:ID (default: point in time inside the restorable window, else the newest snapshot before)',
  )
  .option('--resource-id <id>', "the incident's cluster is deleted: whose retained backups to restore")
  .option(
    '--instances <count>',
    'how many instances the restored cluster gets (default: as many as the source)',
  )
  .option('--instance-class <class>', "class of the restored instances (default: the source's)")
  .option('--subnet-group <name>', "DB subnet group (default: the source's)")
  .option('--security-group <id...>', "VPC security groups (default: the source's)")
  .option('--parameter-group <name>', "cluster parameter group (default: the source's)")
  .option('--instance-parameter-group <name>', "parameter group of the instances (default: the source's)")
  .option('--kms-key <arn>', "key of the restored storage (default: the source's)")
  .option('--accept-unencrypted', 'the source is not encrypted, and the restored cluster may be so too')
  .option(
    '--cluster-identifier <name>',
    "name of the restored cluster (default: <source>-<drill>); of the incident's where there are several",
  )
  .option(
    '--earnest',
    'no drill: the restored cluster is to stay, with deletion protection and a final snapshot',
  )
  .option('--valid <duration>', 'for how long the plan may be applied', '3d')
  .option('--wait <duration>', 'how long to wait until the restore point is restorable', '15m')
  .option('--show', 'print the plan that there is, without making a new one; asks AWS nothing')
  .option('--markdown', 'print the plan as Markdown, for a pull request')
  .option('--json', 'print the plan as JSON');

export const options = z
  .strictObject({
    drill: z.string().optional(),
    withCluster: z.array(z.string()).default([]),
    method: parsedBy(parseMethod).optional(),
    resourceId: z
      .string()
      .regex(/^cluster-[A-Z0-9]+$/, 'a resource id such as cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ')
      .optional(),
    instances: z.coerce.number().int().min(1).optional(),
    instanceClass: z
      .string()
      .regex(/^db[.][a-z0-9.-]+$/, 'a class such as db.r6g.large')
      .optional(),
    subnetGroup: z.string().optional(),
    securityGroup: z.array(z.string().regex(/^sg-[0-9a-f]+$/, 'an id such as sg-0a1b2c3d')).optional(),
    parameterGroup: z.string().optional(),
    instanceParameterGroup: z.string().optional(),
    kmsKey: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:/, 'the ARN of a KMS key')
      .optional(),
    acceptUnencrypted: z.boolean().default(false),
    clusterIdentifier: z.string().optional(),
    valid: parsedBy(parseDurationMs).refine((ms) => ms > 0, 'a plan must hold for some time'),
    wait: parsedBy(parseDurationMs),
    earnest: z.boolean().default(false),
    show: z.boolean().default(false),
    markdown: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .transform(
    ({
      instances,
      instanceClass,
      subnetGroup,
      securityGroup,
      parameterGroup,
      instanceParameterGroup,
      kmsKey,
      ...rest
    }) => ({
      ...rest,
      clusterIdentifier: rest.clusterIdentifier,
      instances: { count: instances, instanceClass },
      choices: {
        subnetGroup,
        securityGroupIds: securityGroup,
        parameterGroup,
        instanceParameterGroup,
        kmsKeyId: kmsKey,
      },
    }),
  );
