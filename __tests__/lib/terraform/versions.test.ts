import {
  AWS_PROVIDER_VERSIONS,
  compareVersions,
  isInRange,
  versionConstraint,
} from '../../../lib/terraform/versions';

describe('isInRange', () => {
  test.each([
    ['5.100.0', true],
    ['5.99.9', false],
    ['6.25.0', true],
    ['7.0.0', false],
    ['6.0.0-beta1', false],
    ['latest', false],
  ])('answers for provider %s', (version, expected) => {
    expect(isInRange(version, AWS_PROVIDER_VERSIONS)).toBe(expected);
  });
});

test('versions compare by their numbers', () => {
  expect(['5.100.0', '5.9.0', '6.0.0'].sort(compareVersions)).toEqual(['5.9.0', '5.100.0', '6.0.0']);
});

test("a range reads as Terraform's constraint", () => {
  expect(versionConstraint(AWS_PROVIDER_VERSIONS)).toBe('>= 5.100.0, < 7.0.0');
});
