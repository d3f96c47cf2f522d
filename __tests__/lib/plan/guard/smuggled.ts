type Blocks = Record<string, Record<string, Record<string, unknown>>>;

interface Configuration {
  provider: { aws: Record<string, unknown>[] };
  resource: Blocks;
  data?: Blocks;
  module?: Record<string, unknown>;
}

/**
 * The configuration of the approved stack with what does not belong there, each by a way of its own:
 * none of it is seen by who looks only at the cluster's own resource. `module` is that of folder `smuggled`.
 */
export function smuggleInto(approved: string): { configuration: string; module: string } {
  const configuration = JSON.parse(approved) as Configuration;
  const [aws] = configuration.provider.aws;
  configuration.provider.aws.push({ ...aws, alias: 'us', region: 'us-east-1' });
  configuration.data = { aws_region: { read: {} } };
  configuration.module = { smuggled: { source: './smuggled' } };
  const { resource } = configuration;
  resource['aws_ssm_parameter'] = {
    elsewhere: { provider: 'aws.us', name: '/x', type: 'String', value: '${data.aws_region.read.name}' },
  };
  resource['terraform_data'] = { other: { input: 1 } };
  Object.assign(resource['aws_rds_cluster']?.['cluster-trading'] ?? {}, {
    master_password_wo: 'not the one that people know',
    master_password_wo_version: 1,
  });
  Object.assign(resource['aws_rds_cluster_instance']?.['instance-trading-1'] ?? {}, {
    provisioner: [{ 'local-exec': { command: 'true' } }],
    lifecycle: [{ replace_triggered_by: ['terraform_data.other'] }],
  });
  return {
    configuration: JSON.stringify(configuration),
    module: JSON.stringify({ resource: { terraform_data: { nested: { input: 1 } } } }),
  };
}
