import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { backendOf, S3_BACKEND_SINCE, type StateLocation } from '../lib/terraform/state-location';
import { AWS_PROVIDER_VERSIONS, TERRAFORM_VERSIONS, versionConstraint } from '../lib/terraform/versions';

export interface AwsStackProps {
  readonly account: string;
  readonly region: string;
  readonly state: StateLocation;
}

/** What every stack of a drill shares: provider, versions, state. Only the plan's account can be changed by it. */
export abstract class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, { account, region, state }: AwsStackProps) {
    super(scope, id);
    const atLeast = this.addBackend(id, state);
    new AwsProvider(this, 'aws', { region, allowedAccountIds: [account] });
    this.addOverride('terraform.required_version', versionConstraint({ ...TERRAFORM_VERSIONS, atLeast }));
    this.addOverride('terraform.required_providers.aws.version', versionConstraint(AWS_PROVIDER_VERSIONS));
  }

  /** Answers with the oldest Terraform that knows the backend. */
  private addBackend(id: string, state: StateLocation): string {
    const backend = backendOf(state, id);
    if (backend.type === 'local') {
      new LocalBackend(this, backend.config);
      return TERRAFORM_VERSIONS.atLeast;
    }
    const { bucket, key, region } = backend.config;
    new S3Backend(this, { bucket, key, region });
    // the bindings are older than the backend's own locking
    for (const [name, value] of Object.entries(backend.config)) {
      this.addOverride(`terraform.backend.s3.${name}`, value);
    }
    return S3_BACKEND_SINCE;
  }
}
