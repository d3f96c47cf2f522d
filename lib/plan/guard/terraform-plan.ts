import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../../errors';

const values = z.record(z.string(), z.unknown());
/** Of the shape of what it marks: `true` where that is so, also for a whole value. */
const marks = z.union([z.boolean(), values]).default(false);

const resourceChange = z.object({
  address: z.string(),
  /** Where a `moved` block takes it from. */
  previous_address: z.string().optional(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  provider_name: z.string(),
  /** Why it would be replaced or deleted, where Terraform says so. */
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: values.nullable().default(null),
    after: values.nullable().default(null),
    after_unknown: marks,
    before_sensitive: marks,
    after_sensitive: marks,
    importing: z.object({ id: z.string().optional() }).optional(),
  }),
});
export type ResourceChange = z.infer<typeof resourceChange>;

const actionInvocation = z.object({ address: z.string() });

const terraformPlanSchema = z.object({
  format_version: z.string(),
  /** Absent before Terraform 1.8. */
  complete: z.boolean().optional(),
  errored: z.boolean().default(false),
  resource_changes: z.array(resourceChange).default([]),
  deferred_changes: z.array(z.unknown()).default([]),
  /** What Terraform 1.14 and later runs beside changing resources, such as a Lambda function. */
  action_invocations: z.array(actionInvocation).default([]),
  deferred_action_invocations: z.array(z.unknown()).default([]),
  configuration: z.object({
    provider_config: z
      .record(z.string(), z.object({ full_name: z.string().optional(), expressions: values.default({}) }))
      .default({}),
    root_module: z.object({
      resources: z
        .array(
          z.object({
            address: z.string(),
            /** `managed`, `data`, and what later versions add, such as `ephemeral` (which 1.11 does not show). */
            mode: z.string(),
            provider_config_key: z.string(),
            expressions: values.default({}),
            count_expression: z.unknown().optional(),
            for_each_expression: z.unknown().optional(),
            provisioners: z.array(z.object({ type: z.string() })).default([]),
          }),
        )
        .default([]),
      module_calls: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
});

/**
 * What the guard reads of `terraform show -json <plan file>`.
 * Source: Terraform's documentation, "JSON Output Format", format version 1.
 */
export type TerraformPlan = z.infer<typeof terraformPlanSchema>;

export type TerraformPlanRefusal = Refusal<'not-a-terraform-plan'>;

export function parseTerraformPlan(text: string): Outcome<TerraformPlan, TerraformPlanRefusal> {
  const not = (why: string): Outcome<never, TerraformPlanRefusal> =>
    refuse({
      reason: 'not-a-terraform-plan',
      message: `this is not a Terraform plan as JSON: ${why}`,
      hint: "make it with 'terraform plan -out=FILE' and 'terraform show -json FILE'",
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return not('it is not JSON');
  }
  const parsed = terraformPlanSchema.safeParse(json);
  return parsed.success ? accept(parsed.data) : not(z.prettifyError(parsed.error));
}

export function managedChanges(plan: TerraformPlan): ResourceChange[] {
  return plan.resource_changes.filter(({ mode }) => mode === 'managed');
}

/** Resources that an apply would make new: what decides how they come out is all in their `after`. */
export function createdResources(plan: TerraformPlan): ResourceChange[] {
  return managedChanges(plan).filter(({ change }) => change.actions.includes('create'));
}

/** Identifiers of the clusters and instances that an apply would make. */
export function createdNames(plan: TerraformPlan): { clusters: string[]; instances: string[] } {
  const named = (type: string, attribute: string): string[] =>
    createdResources(plan)
      .filter((one) => one.type === type)
      .flatMap(({ change }) => {
        const name = change.after?.[attribute];
        return typeof name === 'string' ? [name] : [];
      });
  return {
    clusters: named('aws_rds_cluster', 'cluster_identifier'),
    instances: named('aws_rds_cluster_instance', 'identifier'),
  };
}

/** Attributes that the configuration gives a value; a write-only one, such as a new master password, shows there alone. */
export function configuredAttributes({ address }: ResourceChange, terraform: TerraformPlan): string[] {
  const { resources } = terraform.configuration.root_module;
  // of one that is declared several times, each has an address of its own
  const declared = address.replace(/\[[^\]]*\]$/, '');
  return Object.keys(resources.find((one) => one.address === declared)?.expressions ?? {});
}

/** RDS fills in none of these, and the configuration does not show one that is computed (`dynamic`). */
const BLOCKS = [
  'restore_to_point_in_time',
  's3_import',
  'scaling_configuration',
  'serverlessv2_scaling_configuration',
  'timeouts',
];

/** Attributes that are asked for with a value which only the apply will tell. */
export function computedAttributes(change: ResourceChange, terraform: TerraformPlan): string[] {
  return [...new Set([...configuredAttributes(change, terraform), ...BLOCKS])].filter((attribute) =>
    isUnknown(change, attribute),
  );
}

/** Whether an attribute, or any part of it, is known only after the apply. */
export function isUnknown({ change }: ResourceChange, attribute: string): boolean {
  return isMarked(change.after_unknown, attribute);
}

/** An attribute's value as text for a person; never one that the provider calls sensitive. */
export function shownValue({ change }: ResourceChange, attribute: string, value: unknown): string {
  const sensitive = [change.before_sensitive, change.after_sensitive].some((marked) =>
    isMarked(marked, attribute),
  );
  return sensitive ? '(sensitive)' : show(value);
}

export function show(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : JSON.stringify(value);
}

function isMarked(marked: ResourceChange['change']['after_unknown'], attribute: string): boolean {
  return typeof marked === 'boolean' ? marked : hasTrue(marked[attribute]);
}

function hasTrue(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasTrue);
  return value === true;
}
