/** From `atLeast` on, below `below`; both are versions such as `5.100.0`. */
export interface VersionRange {
  readonly atLeast: string;
  readonly below: string;
}

/** 1.5 is the first Terraform with `import` blocks; OpenTofu has had them since its first release, 1.6. */
export const TERRAFORM_VERSIONS: VersionRange = { atLeast: '1.5.0', below: '2.0.0' };
/** The bindings are made for provider 6; what the stacks declare is the same in 5.100 and later. */
export const AWS_PROVIDER_VERSIONS: VersionRange = { atLeast: '5.100.0', below: '7.0.0' };

/** A range in Terraform's own words. */
export function versionConstraint({ atLeast, below }: VersionRange): string {
  return `>= ${atLeast}, < ${below}`;
}

/** As Terraform does, takes a pre-release (`6.0.0-beta1`) for outside of any range. */
export function isInRange(version: string, { atLeast, below }: VersionRange): boolean {
  return (
    /^\d+[.]\d+[.]\d+$/.test(version) &&
    compareVersions(version, atLeast) >= 0 &&
    compareVersions(version, below) < 0
  );
}

/** Negative where `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
