import type { Refusal } from '../errors';
import { guardedApply, type Subject } from './commands';
import type { HeldResource } from './terraform-cli';

export interface BrokenApply {
  readonly subject: Subject;
  /** How a person runs Terraform in the stack's folder. */
  readonly terraform: string;
  /** Terraform's own words. */
  readonly errorLines: readonly string[];
  readonly interrupted: boolean;
  /** What Terraform's state holds now; undefined where it cannot be read. */
  readonly held: readonly HeldResource[] | undefined;
}

export type BrokenApplyRefusal = Refusal<
  'stale-guarded-plan' | 'state-locked' | 'apply-interrupted' | 'apply-failed'
>;

/**
 * What is left of an apply that did not reach its end, and the way on; `begun` says whether it may
 * have changed anything, so that its plan cannot be applied again.
 *
 * Terraform marks what was unfinished as tainted, and would destroy it and make it anew: the guard
 * refuses that, and `untaint` keeps what is there.
 * Source: Terraform's documentation, "Command: untaint", and RdsCluster of hashicorp/aws 5.100.
 */
export function explainBrokenApply(broken: BrokenApply): {
  readonly refusal: BrokenApplyRefusal;
  readonly begun: boolean;
} {
  const { subject, errorLines } = broken;
  const errors = errorLines.join('\n');
  const again = guardedApply(subject);
  if (errors.includes('Saved plan is stale')) {
    const message = 'the state of this stack has changed since the guard let the plan pass';
    return { begun: true, refusal: { reason: 'stale-guarded-plan', message, hint: again } };
  }
  const locked = lockRefusal(broken.subject, broken.terraform, errors);
  if (locked !== undefined) return { begun: false, refusal: locked };
  const reason = broken.interrupted ? 'apply-interrupted' : 'apply-failed';
  const what = broken.interrupted
    ? 'Terraform was interrupted; it has ended and written its state'
    : `Terraform could not apply everything:\n${indent(errorLines)}`;
  const message = `${what}\n${indent(stateLines(broken.held))}`;
  return {
    begun: true,
    refusal: { reason, message, hint: [...mending(broken, errors), again].join('\n        then: ') },
  };
}

/** Says who holds the lock of a stack's state, where that is what Terraform complains of. */
export function lockRefusal(
  { stack, drill }: Subject,
  terraform: string,
  errors: string,
): Refusal<'state-locked'> | undefined {
  if (!errors.includes('Error acquiring the state lock')) return undefined;
  const id = /^\W*ID:\s+(\S+)/m.exec(errors)?.[1] ?? 'ID';
  const who = /^\W*Who:\s+(\S+)/m.exec(errors)?.[1] ?? 'someone';
  return {
    reason: 'state-locked',
    message: `the state of stack '${stack}' of drill '${drill}' is locked by ${who}: another plan or apply is running`,
    hint: `wait for it and try again; where you know that it has died: ${terraform} force-unlock ${id}`,
  };
}

function stateLines(held: BrokenApply['held']): string[] {
  if (held === undefined) return ['its state cannot be read'];
  if (held.length === 0) return ['its state holds nothing'];
  return [
    'its state holds:',
    ...held.map(({ address, tainted }) => `  ${address}${tainted ? ' (unfinished, marked as tainted)' : ''}`),
  ];
}

function mending({ terraform, held = [], subject }: BrokenApply, errors: string): string[] {
  const { drill, destroy } = subject;
  const tainted = destroy ? [] : held.filter(({ tainted: is }) => is);
  const exists = /AlreadyExists|already exists/.test(errors) && !destroy;
  return [
    ...tainted.map(
      ({ address }) => `once AWS shows it as available, keep it by: ${terraform} untaint '${address}'`,
    ),
    ...(exists
      ? [
          `where what exists already carries the tag restore-drill=${drill}, take it into the state by: ${terraform} import ADDRESS IDENTIFIER`,
        ]
      : []),
  ];
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
