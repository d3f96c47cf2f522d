import { createHash } from 'node:crypto';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { RepointPlan } from '../lib/artefacts/repoint-plan';
import type { StateLocation } from '../lib/terraform/state-location';
import { AwsStack } from './aws-stack';

type Target = RepointPlan['targets'][number];

/**
 * Sets the application's configuration to what the repoint plan says, as far as it is nothing but a
 * host; a host within a text that may hold secrets is left to 'npm run apply', since Terraform would
 * keep the text in its plan and state.
 *
 * The parameters and records belong to the application. They are adopted by an `import` block, so
 * that the plan shows an update in place; everything but the value is left as it is, our tags
 * included; and `prevent_destroy` keeps a destroy of the drill from deleting them.
 */
export class AppConfigStack extends AwsStack {
  static readonly id = 'repoint';

  constructor(scope: Construct, plan: RepointPlan, state: StateLocation) {
    super(scope, AppConfigStack.id, { account: plan.account, region: plan.region, state });
    const left: string[] = [];
    for (const target of plan.targets) {
      const value = plan.direction === 'forward' ? target.newValue : target.oldValue;
      if (target.kind === 'ssm-parameter') this.adoptParameter(target, value);
      else if (target.kind === 'dns-record') this.adoptRecord(target, value);
      else left.push(target.name);
    }
    new TerraformOutput(this, 'targets', {
      value: plan.targets.map(({ name }) => name).filter((name) => !left.includes(name)),
    });
    if (left.length > 0) {
      new TerraformOutput(this, 'left_to_npm_run_apply', {
        value: left,
        description: `npm run apply -- --drill ${plan.drill} --stack ${AppConfigStack.id}`,
      });
    }
  }

  private adoptParameter({ name, type }: Target & { kind: 'ssm-parameter' }, value: string): void {
    const parameter = new SsmParameter(this, resourceName('ssm', name), {
      name,
      type,
      value,
      lifecycle: { preventDestroy: true, ignoreChanges: EVERYTHING_BUT_THE_VALUE },
    });
    parameter.importFrom(name);
  }

  private adoptRecord({ name, zoneId, ttlSeconds }: Target & { kind: 'dns-record' }, value: string): void {
    const record = new Route53Record(this, resourceName('dns', `${zoneId}/${name}`), {
      zoneId,
      name,
      type: 'CNAME',
      ttl: ttlSeconds,
      records: [value],
      lifecycle: { preventDestroy: true, ignoreChanges: ['allow_overwrite', 'health_check_id'] },
    });
    record.importFrom(`${zoneId}_${name}_CNAME`);
  }
}

const EVERYTHING_BUT_THE_VALUE = [
  'allowed_pattern',
  'data_type',
  'description',
  'key_id',
  'overwrite',
  'tags',
  'tags_all',
  'tier',
];

/** A name as Terraform accepts it for a resource; the hash keeps `/a/b` and `/a-b` apart. */
function resourceName(kind: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${kind}-${name.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-/, '')}-${hash}`;
}
