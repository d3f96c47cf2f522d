import { z } from 'zod';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf } from '../lib/errors';
import { namedPlace } from '../lib/plan/named-place';
import { policyFor, ROLES, type StatePlace } from '../lib/plan/policies';
import { STATE_PREFIX } from '../lib/settings';
import { readSettings } from '../lib/settings-file';

const command = scriptCommand(
  'policies',
  'Prints the IAM policies of the roles that plan, restore, cut over and retire: what the code calls and nothing else, for the clusters that are named and what comes of them. Asks AWS nothing.',
  [
    '--cluster trading --account 123456789012 --region eu-central-1 --role restorer',
    '--cluster trading --account 123456789012 --region eu-central-1 --kms-key arn:aws:kms:eu-central-1:123456789012:key/1234',
  ],
)
  .requiredOption('--cluster <id...>', 'the source clusters; may hold *, as in trading-*')
  .requiredOption('--account <id>', 'AWS account')
  .requiredOption('--region <region>', 'AWS region')
  .option('--partition <name>', 'aws, aws-cn or aws-us-gov', 'aws')
  .option('--role <role>', `one of ${ROLES.join(', ')}; all of them without it`)
  .option('--instance <id...>', "the source's instances (default: CLUSTER-1 to -99, and CLUSTER-instance-1)")
  .option('--restored <id...>', 'what restored clusters are called (default: CLUSTER-*)')
  .option('--other <id...>', 'clusters that are called so too and are none, such as trading-ledger', [])
  .option('--snapshot <id...>', "further snapshots to restore from, or ARNs of another account's", [])
  .option('--retained-backup <id...>', 'backups of deleted clusters, such as cab-1234', [])
  .option('--kms-key <arn...>', 'keys of the storage', [])
  .option('--pass-role <arn...>', 'roles of the clusters, and of Enhanced Monitoring', [])
  .option('--parameter <name...>', "the application's SSM parameters, such as /shop/*", ['*'])
  .option('--secret <name...>', 'its secrets', ['*'])
  .option('--db-secret <name...>', 'secrets that verify, arrival and retire log in by (default: as --secret)')
  .option('--hosted-zone <id...>', 'zones of its DNS records', ['*'])
  .option('--dns-record <name...>', 'its DNS records (default: any CNAME of the zones)', [])
  .option('--appconfig <id...>', 'ids of its AppConfig applications', ['*'])
  .option('--application-kms-key <arn...>', 'customer keys of its parameters and secrets', [])
  .option('--db-user <name...>', 'database users that log in by IAM', [])
  .option('--state-bucket <name>', "bucket of Terraform's state (default: as in restore-drill.yaml)");

/** Without white space. Source: IAM user guide, "IAM and AWS STS quotas"; an inline policy of a role takes 10,240. */
const MANAGED_POLICY_LENGTH = 6144;

const texts = z.array(z.string().min(1));
const options = z.strictObject({
  cluster: texts,
  account: z.string().regex(/^\d{12}$/, 'twelve digits'),
  region: z.string().min(1),
  partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']),
  role: z.enum(ROLES).optional(),
  instance: texts.optional(),
  restored: texts.optional(),
  other: texts,
  snapshot: texts,
  retainedBackup: texts,
  kmsKey: texts,
  passRole: texts,
  parameter: texts,
  secret: texts,
  dbSecret: texts.optional(),
  hostedZone: texts,
  dnsRecord: texts,
  appconfig: texts,
  applicationKmsKey: texts,
  dbUser: texts,
  stateBucket: z.string().min(1).optional(),
});

void runScript(command, options, ({ role, ...asked }) => {
  const place = namedPlace({
    partition: asked.partition,
    account: asked.account,
    region: asked.region,
    sourceClusters: asked.cluster,
    sourceInstances: asked.instance,
    restoredClusters: asked.restored,
    otherClusters: asked.other,
    snapshots: asked.snapshot,
    retainedBackups: asked.retainedBackup,
    keys: asked.kmsKey,
    roles: asked.passRole,
    parameters: asked.parameter,
    secrets: asked.secret,
    loginSecrets: asked.dbSecret,
    hostedZones: asked.hostedZone,
    dnsRecords: asked.dnsRecord,
    configurations: asked.appconfig,
    applicationKeys: asked.applicationKmsKey,
    databaseUsers: asked.dbUser,
  });
  const state = statePlace(asked.stateBucket, asked.region);
  const policies = Object.fromEntries(ROLES.map((one) => [one, policyFor(one, place, state)]));
  for (const one of role === undefined ? ROLES : [role]) {
    const { length } = JSON.stringify(policies[one]);
    if (length > MANAGED_POLICY_LENGTH) {
      output.say(
        `the policy of role '${one}' has ${length} characters, of which a managed policy takes ${MANAGED_POLICY_LENGTH}: make it the role's inline policy, or two`,
      );
    }
  }
  output.result(JSON.stringify(role === undefined ? policies : policies[role], null, 2));
  return EXIT.ok;
});

function statePlace(bucket: string | undefined, region: string): StatePlace | undefined {
  const { state } = valueOf(readSettings());
  if (state !== undefined) return { ...state.s3, bucket: bucket ?? state.s3.bucket };
  return bucket === undefined ? undefined : { bucket, region, prefix: STATE_PREFIX };
}
