import { RE2JS } from 're2js';
import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { checkParameterName } from './parameter-names';
import {
  latestOf,
  type Parameter,
  type ParameterType,
  type ParameterVersion,
  type SsmState,
  type Tier,
} from './ssm-state';
import { tagListSchema, tagMap } from './tags';

const input = z.strictObject({
  Name: z.string().min(1).max(2048),
  Value: z.string().min(1),
  Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
  Description: z.string().max(1024).optional(),
  KeyId: z
    .string()
    .regex(/^[a-zA-Z0-9:/_-]+$/)
    .optional(),
  Overwrite: z.boolean().default(false),
  Tags: tagListSchema.optional(),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
  DataType: z.literal('text').default('text'),
  /** Empty means none: the Terraform provider sends it so. */
  AllowedPattern: z.string().max(1024).optional(),
});
type Input = z.infer<typeof input>;

const LONGEST = { Standard: 4096, Advanced: 8192 } as const;

export const putParameter = operation({
  name: 'PutParameter',
  input,
  run: (request, state: SsmState) => {
    checkParameterName(request.Name);
    const existing = state.parameters.get(request.Name);
    const version = nextVersion(request, existing, state);
    const parameter: Parameter = existing
      ? { ...existing, versions: [...existing.versions, version] }
      : { name: request.Name, versions: [version], tags: tagMap(request.Tags ?? []) };
    state.parameters.set(parameter.name, parameter);
    return { Version: version.version, Tier: version.tier };
  },
});

function nextVersion(request: Input, existing: Parameter | undefined, state: SsmState): ParameterVersion {
  const before = existing && latestOf(existing);
  const type = typeOf(request, before);
  return {
    version: (before?.version ?? 0) + 1,
    type,
    value: type === 'SecureString' ? state.encrypt(request.Value) : request.Value,
    keyId: keyOf(request, type, before),
    description: request.Description ?? before?.description,
    tier: tierOf(request, before),
    allowedPattern: checkedPattern(request, before),
    modifiedAt: new Date(),
  };
}

function typeOf(request: Input, before: ParameterVersion | undefined): ParameterType {
  if (before === undefined) {
    if (request.Type !== undefined) return request.Type;
    throw invalid('A parameter type is required when you create a parameter.');
  }
  if (!request.Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (request.Tags !== undefined && request.Tags.length > 0) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (request.Type !== undefined && request.Type !== before.type) {
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `Parameter Store doesn't support changing a parameter type: ${request.Name} is a ${before.type}, not a ${request.Type}`,
    );
  }
  return before.type;
}

function keyOf(
  { KeyId }: Input,
  type: ParameterType,
  before: ParameterVersion | undefined,
): string | undefined {
  if (type === 'SecureString') return KeyId ?? before?.keyId ?? 'alias/aws/ssm';
  if (KeyId !== undefined) throw invalid(`KeyId can be used with SecureString only, not with ${type}`);
  return undefined;
}

function tierOf({ Tier, Value }: Input, before: ParameterVersion | undefined): Tier {
  const { length } = Value;
  const intelligent: Tier = length > LONGEST.Standard ? 'Advanced' : 'Standard';
  const tier = Tier === 'Intelligent-Tiering' ? intelligent : Tier;
  if (tier === 'Standard' && before?.tier === 'Advanced') {
    throw invalid("This parameter uses the advanced-parameter tier. You can't downgrade it.");
  }
  if (length > LONGEST[tier]) {
    throw invalid(
      `${tier} tier parameters support a maximum parameter value of ${LONGEST[tier]} characters, not ${length}.`,
    );
  }
  return tier;
}

/** The pattern that this and later values must match whole; one that is not sent stays as it was. */
function checkedPattern(
  { Name, Value, AllowedPattern }: Input,
  before: ParameterVersion | undefined,
): string {
  const pattern = AllowedPattern ?? before?.allowedPattern ?? '';
  if (pattern === '') return '';
  let matcher: RE2JS;
  try {
    matcher = RE2JS.compile(pattern);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The allowed pattern ${pattern} is not a regular expression.`,
    );
  }
  if (!matcher.matches(Value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern} of ${Name}`,
    );
  }
  return pattern;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
