import { unreachable } from '../errors';

/** One line of the preflight: what is, and where it fails, what to do. */
export type ReadinessLine =
  | { readonly verdict: 'pass' | 'not-applicable'; readonly title: string; readonly finding: string }
  | {
      /** A warning does not stand in the way of being ready. */
      readonly verdict: 'fail' | 'warn';
      readonly title: string;
      readonly finding: string;
      readonly remedy: string;
    };

/** A line as it is printed: what to do comes indented below. */
export function renderReadiness(line: ReadinessLine): string {
  switch (line.verdict) {
    case 'pass':
      return `pass  ${line.title}: ${line.finding}`;
    case 'not-applicable':
      return `n/a   ${line.title}: ${line.finding}`;
    case 'warn':
      return `warn  ${line.title}: ${line.finding}\n      to do: ${line.remedy}`;
    case 'fail':
      return `FAIL  ${line.title}: ${line.finding}\n      to do: ${line.remedy}`;
    default:
      return unreachable(line);
  }
}
