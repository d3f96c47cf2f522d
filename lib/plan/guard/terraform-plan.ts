import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../../errors';

const values = z.record(z.string(), z.unknown());
/** Of the shape of what it marks: `true` where that is so, also for a whole value. */
const marks = z.union([z.boolean(), values]).default(false);

const resourceChange = z.object({
  address: z.string(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  provider_name: z.string(),
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

const terraformPlanSchema = z.object({
  format_version: z.string(),
  /** Absent before Terraform 1.8. */
  complete: z.boolean().optional(),
  errored: z.boolean().default(false),
  resource_changes: z.array(resourceChange).default([]),
  deferred_changes: z.array(z.unknown()).default([]),
  configuration: z.object({
    provider_config: z
      .record(z.string(), z.object({ full_name: z.string().optional(), expressions: values.default({}) }))
      .default({}),
    root_module: z.object({
      resources: z
        .array(
          z.object({
            address: z.string(),
            expressions: values.default({}),
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
