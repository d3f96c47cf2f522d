import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { statePath } from '../lib/terraform/applied';
import { AWS_PROVIDER_VERSIONS, TERRAFORM_VERSIONS, versionConstraint } from '../lib/terraform/versions';

export interface AwsStackProps {
  readonly account: string;
  readonly region: string;
  /** `drills/<id>`, where the state goes: beside the artefacts, but ignored by git. */
  readonly drillDirectory: string;
  /** Tags on every resource of the stack; none for a stack whose resources belong to someone else. */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/** What every stack of a drill shares: provider, versions, state. Only the plan's account can be changed by it. */
export abstract class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: AwsStackProps) {
    super(scope, id);
    new LocalBackend(this, { path: statePath(props.drillDirectory, id) });
    new AwsProvider(this, 'aws', {
      region: props.region,
      allowedAccountIds: [props.account],
      ...(props.defaultTags === undefined ? {} : { defaultTags: [{ tags: { ...props.defaultTags } }] }),
    });
    this.addOverride('terraform.required_version', versionConstraint(TERRAFORM_VERSIONS));
    this.addOverride('terraform.required_providers.aws.version', versionConstraint(AWS_PROVIDER_VERSIONS));
  }
}
