import { openSecrets, token } from './secrets-bench';

test('versions without a label are told only where they are asked for', async () => {
  const call = await openSecrets(3);
  const ids = async (input: object): Promise<unknown[]> => {
    const { Versions } = (await call('ListSecretVersionIds', { SecretId: 'db', ...input })) as {
      Versions: { VersionId: string }[];
    };
    return Versions.map(({ VersionId }) => VersionId);
  };
  expect(await ids({})).toEqual([token(2), token(3)]);
  expect(await ids({ IncludeDeprecated: true })).toEqual([token(1), token(2), token(3)]);
  expect(await ids({ MaxResults: 1 })).toEqual([token(2)]);
});
