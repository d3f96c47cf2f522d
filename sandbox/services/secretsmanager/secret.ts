/** What a version of a secret holds: text, or bytes in base64 as the wire has them. */
export type SecretContent = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface SecretVersion {
  readonly id: string;
  readonly content: SecretContent;
  readonly createdAt: Date;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  description: string | undefined;
  kmsKeyId: string | undefined;
  changedAt: Date;
  /** Whole days, as Secrets Manager keeps it. */
  accessedAt: Date | undefined;
  /** When a deletion that was scheduled will happen. */
  deletedAt: Date | undefined;
  readonly versions: Map<string, SecretVersion>;
  /** Which version each staging label is attached to. */
  readonly stages: Map<string, string>;
  tags: ReadonlyMap<string, string>;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/**
 * Attaches labels to a version. Where AWSCURRENT moves, AWSPREVIOUS goes to the version that it
 * leaves. Source: Secrets Manager API reference, PutSecretValue and UpdateSecretVersionStage.
 */
export function attachStages(secret: Secret, versionId: string, stages: readonly string[]): void {
  for (const stage of stages) {
    const before = secret.stages.get(stage);
    if (stage === CURRENT && before !== undefined && before !== versionId) {
      secret.stages.set(PREVIOUS, before);
    }
    secret.stages.set(stage, versionId);
  }
  // the version that became current cannot be the one before it as well
  if (secret.stages.get(PREVIOUS) === secret.stages.get(CURRENT)) secret.stages.delete(PREVIOUS);
}

export function stagesOf(secret: Secret, versionId: string): string[] {
  return [...secret.stages].flatMap(([stage, id]) => (id === versionId ? [stage] : [])).sort();
}

export function stagesByVersion(secret: Secret): Record<string, string[]> | undefined {
  const all = [...secret.versions.keys()].map((id) => [id, stagesOf(secret, id)] as const);
  const attached = all.filter(([, stages]) => stages.length > 0);
  return attached.length === 0 ? undefined : Object.fromEntries(attached);
}

export function startOfDay(time: Date): Date {
  return new Date(time.toISOString().slice(0, 10));
}
