/** A request's input as it was sent. */
export type Input = Readonly<Record<string, unknown>>;

/** Names ARNs of the account. */
export interface Names {
  readonly accountId: string;
  readonly region: string;
}

/**
 * What an operation needs permission for: each action with the resources that it is judged on. An
 * operation that is not listed is an action of its own name on every resource.
 */
export interface ActionRule {
  /** Without the service; the operation's own name unless given. */
  readonly action?: string;
  readonly resources?: (input: Input, names: Names) => readonly string[];
  /** A further action that is needed when the request has tags, on what they are put to. */
  readonly tagging?: string;
  /** What that is, where `resources` holds more. */
  readonly tagged?: (input: Input, names: Names) => readonly string[];
  /** What gets another name by the call, and keeps its tags: that of `resources` which is not there yet has them. */
  readonly renamed?: (input: Input, names: Names) => readonly string[];
  /** What gets the tags of the first of `resources`, without their being sent. */
  readonly inherits?: (input: Input, names: Names) => readonly string[];
  /** Members that hold a role's ARN, with the service that it is passed to. */
  readonly passes?: Readonly<Record<string, string>>;
  /** Condition keys of this service. */
  readonly context?: (input: Input) => Readonly<Record<string, readonly string[]>>;
}

export type ActionTable = Readonly<Record<string, ActionRule>>;

export function text(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The ARN of what a member names, if the request has it. */
export function named(
  member: string,
  toArn: (name: string, names: Names) => string,
): (input: Input, names: Names) => readonly string[] {
  return (input, names) => {
    const name = text(input, member);
    if (name === undefined) return [];
    return [name.startsWith('arn:') ? name : toArn(name, names)];
  };
}

export function all(
  ...rules: readonly ((input: Input, names: Names) => readonly string[])[]
): (input: Input, names: Names) => readonly string[] {
  return (input, names) => rules.flatMap((rule) => rule(input, names));
}

/** Tags of a request: `[{Key, Value}]` in most services. */
export function requestTags(input: Input): Map<string, string> {
  const { Tags } = input;
  if (!Array.isArray(Tags)) return new Map();
  const pairs = (Tags as { Key?: unknown; Value?: unknown }[]).filter(({ Key }) => typeof Key === 'string');
  return new Map(pairs.map(({ Key, Value }) => [Key as string, typeof Value === 'string' ? Value : '']));
}
