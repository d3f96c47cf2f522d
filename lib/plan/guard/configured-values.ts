/** One value of a resource's configuration, as Terraform's JSON shows it. */
export interface ConfiguredValue {
  /** Names of blocks and attribute, such as `restore_to_point_in_time.restore_type`. */
  readonly path: string;
  /** Undefined where the value is computed; of JSON configuration, the text as it is written. */
  readonly constant: unknown;
  /** The most exact first; undefined where it refers to nothing. */
  readonly references: readonly string[] | undefined;
}

/**
 * Every value that a resource configures, those of its blocks too. One that a function computes has
 * neither a constant nor references in HCL (`{}`), and its text as constant in JSON.
 * Source: Terraform's documentation, "JSON Output Format", expression and block expressions.
 */
export function configuredValues(expressions: Readonly<Record<string, unknown>>): ConfiguredValue[] {
  return Object.entries(expressions).flatMap(([name, expression]) => valuesIn(name, expression));
}

function valuesIn(path: string, expression: unknown): ConfiguredValue[] {
  if (Array.isArray(expression)) return expression.flatMap((one: unknown) => valuesIn(path, one));
  const parts = typeof expression === 'object' && expression !== null ? Object.entries(expression) : [];
  if (parts.every(([name]) => name === 'constant_value' || name === 'references')) {
    const { constant_value: constant, references } = Object.fromEntries(parts) as Record<string, unknown>;
    return [{ path, constant, references: Array.isArray(references) ? references.map(String) : undefined }];
  }
  return parts.flatMap(([name, inner]: [string, unknown]) => valuesIn(`${path}.${name}`, inner));
}

/** Whether the value is what is written, whenever one looks. */
export function isConstant({ constant, references }: ConfiguredValue): boolean {
  return constant !== undefined && references === undefined && !holdsTemplate(constant);
}

/** Text of JSON configuration is a template: `${…}` and `%{…}` in it are computed, in keys too. */
function holdsTemplate(constant: unknown): boolean {
  if (typeof constant === 'string') return /[$%]\{/.test(constant);
  if (typeof constant !== 'object' || constant === null) return false;
  return Object.entries(constant).some(([key, value]) => holdsTemplate(key) || holdsTemplate(value));
}
