type Resources = Record<string, Record<string, Record<string, unknown>> | undefined>;

/** The text as a function of the time gives it back, so that nobody knows it before the apply. */
function later(text: string): string {
  return `\${format("${text}%s", substr(timestamp(), 0, 0))}`;
}

/** What each captured plan `computed-…` computes in the approved configuration. */
export const COMPUTED: Readonly<Record<'instance' | 'snapshot' | 'repoint', (resources: Resources) => void>> =
  {
    instance: (resources) => {
      Object.assign(resources['aws_rds_cluster_instance']?.['instance-trading-1'] ?? {}, {
        cluster_identifier: later('trading'),
      });
    },
    snapshot: (resources) => {
      Object.assign(resources['aws_rds_cluster']?.['cluster-trading'] ?? {}, {
        snapshot_identifier: later('arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:evil'),
      });
    },
    repoint: (resources) => {
      for (const parameter of Object.values(resources['aws_ssm_parameter'] ?? {})) {
        delete parameter['lifecycle'];
        Object.assign(parameter, {
          allowed_pattern: later('^evil$'),
          description: later('hi'),
          key_id: later('k'),
          tags: { a: later('x') },
        });
      }
    },
  };

/** A configuration with one thing of it computed. */
export function computing(name: keyof typeof COMPUTED, approved: string): string {
  const configuration = JSON.parse(approved) as { resource: Resources };
  COMPUTED[name](configuration.resource);
  return JSON.stringify(configuration);
}
