/** What is to be applied: a stack of a drill, or its end. */
export interface Subject {
  readonly drill: string;
  readonly stack: 'restore' | 'repoint';
  readonly destroy: boolean;
}

/** The command that a person types. */
export function guardCommand(subject: Subject): string {
  return `npm run guard -- ${optionsFor(subject)}`;
}

/** What a person types to have a stack applied, or ended: what changes anything is guarded first. */
export function guardedApply(subject: Subject): string {
  return `${guardCommand(subject)} && ${applyCommand(subject)}`;
}

/** The end of a drill. */
export function destroyCommands(drill: string): string {
  return guardedApply({ drill, stack: 'restore', destroy: true });
}

export function applyCommand(subject: Subject): string {
  return `npm run apply -- ${optionsFor(subject)}`;
}

function optionsFor({ drill, stack, destroy }: Subject): string {
  return `--drill ${drill} --stack ${stack}${destroy ? ' --destroy' : ''}`;
}
