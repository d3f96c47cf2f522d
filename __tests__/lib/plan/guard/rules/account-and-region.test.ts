import { CLUSTER, compute, FIRST, provider, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'any account is allowed',
    edit: (plan) => {
      plan.configuration.provider_config['aws'] = {
        expressions: { region: { constant_value: 'eu-central-1' } },
      };
    },
    finds: ['provider.aws: allowed_account_ids is nothing, expected ["123456789012"]'],
  },
  {
    when: 'a second account is allowed',
    edit: provider({ allowed_account_ids: { constant_value: ['123456789012', '210987654321'] } }),
    finds: [
      'provider.aws: allowed_account_ids is ["123456789012","210987654321"], expected ["123456789012"]',
    ],
  },
  {
    when: 'the region is another one',
    edit: provider({ region: { constant_value: 'us-east-1' } }),
    finds: ['provider.aws: region is "us-east-1", expected "eu-central-1"'],
  },
  {
    when: 'the provider takes on another role',
    edit: provider({ assume_role: [{}] }),
    finds: ['provider.aws: sets assume_role, expected nothing but account and region'],
  },
  {
    when: "the provider's calls go elsewhere, and what others tag is hidden",
    edit: provider({ endpoints: [{ rds: { constant_value: 'http://evil' } }], ignore_tags: [{}] }),
    finds: [
      'provider.aws: sets endpoints, expected nothing but account and region',
      'provider.aws: sets ignore_tags, expected nothing but account and region',
    ],
  },
  {
    when: 'a second provider, of another region, stands beside',
    edit: (plan) => {
      const aws = plan.configuration.provider_config['aws'];
      const elsewhere = { ...aws?.expressions, region: { constant_value: 'us-east-1' } };
      plan.configuration.provider_config['aws.us'] = { expressions: elsewhere };
    },
    finds: ['provider.aws.us: region is "us-east-1", expected "eu-central-1"'],
  },
  {
    when: 'a resource is of a provider that nobody configured',
    edit: (plan) => {
      const [first] = plan.configuration.root_module.resources;
      if (first !== undefined) first.provider_config_key = 'aws.implied';
    },
    finds: [`${CLUSTER}: is of provider aws.implied, which is bound to no account`],
  },
  {
    when: 'a key of another account is named',
    edit: set(CLUSTER, { kms_key_id: 'arn:aws:kms:eu-central-1:210987654321:key/1' }),
    finds: [
      `${CLUSTER}: names arn:aws:kms:eu-central-1:210987654321:key/1, expected account 123456789012 in eu-central-1`,
    ],
    also: ['encryption'],
  },
  {
    when: 'a resource is of another region than its provider',
    edit: set(FIRST, { region: 'us-east-1' }),
    finds: [`${FIRST}: region is "us-east-1", expected "eu-central-1"`],
  },
  {
    when: 'the apply alone tells the region of a resource',
    edit: compute(FIRST, 'region'),
    finds: [`${FIRST}: region is known after the apply only, expected "eu-central-1"`],
    also: ['known-values', 'settings'],
  },
  {
    when: 'the account of the provider is computed',
    edit: provider({ allowed_account_ids: {} }),
    finds: ['provider.aws: allowed_account_ids is nothing, expected ["123456789012"]'],
  },
];

test.each(byName(refused))('account-and-region refuses when %s', (_, one) => {
  expectRefused('account-and-region', one);
});
