import { createHash } from 'node:crypto';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { RepointPlan } from '../lib/artefacts';
import { AwsStack } from './aws-stack';

/**
 * Sets the application's configuration to what the repoint plan says.
 *
 * The parameters belong to the application. They are adopted by an `import` block, so that the plan
 * shows an update in place; everything but the value is left as it is, our tags included; and
 * `prevent_destroy` keeps a destroy of the drill from deleting them.
 */
export class AppConfigStack extends AwsStack {
  static readonly id = 'repoint';

  constructor(scope: Construct, plan: RepointPlan, drillDirectory: string) {
    super(scope, AppConfigStack.id, { account: plan.account, region: plan.region, drillDirectory });
    for (const target of plan.targets) {
      const parameter = new SsmParameter(this, resourceName(target.name), {
        name: target.name,
        type: target.type,
        value: plan.direction === 'forward' ? target.newValue : target.oldValue,
        lifecycle: {
          preventDestroy: true,
          ignoreChanges: EVERYTHING_BUT_THE_VALUE,
        },
      });
      parameter.importFrom(target.name);
    }
    new TerraformOutput(this, 'targets', { value: plan.targets.map(({ name }) => name) });
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

/** A parameter's name as Terraform accepts it for a resource; the hash keeps `/a/b` and `/a-b` apart. */
function resourceName(parameter: string): string {
  const hash = createHash('sha256').update(parameter).digest('hex').slice(0, 6);
  return `ssm-${parameter.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-/, '')}-${hash}`;
}
