import { amount, combine, notApplicable, type Check, type Part } from '../check';
import type { DatabaseUser } from '../database';

/** Whoever could use the source must be able to use the restored cluster, with the same password. */
export const usersAndGrants: Check = {
  name: 'users-and-grants',
  title: 'every user of the source exists, with the same grants and, where it may be read, password',
  run: async ({ restored, source, onProgress }) => {
    if (source === undefined) return notApplicable('needs the source');
    onProgress('reading users and grants');
    const here = await restored.database.dialect.fetchUsers(restored.database);
    const there = await source.database.dialect.fetchUsers(source.database);
    if (here === undefined || there === undefined) {
      return notApplicable('this user may not read the users and their grants on both sides');
    }
    return combine(compareUsers(here, there));
  },
};

export function compareUsers(
  restored: ReadonlyMap<string, DatabaseUser>,
  source: ReadonlyMap<string, DatabaseUser>,
): Part[] {
  const [onRestored, onSource] = [objectsOf(restored), objectsOf(source)];
  /** Of objects that only one side has schema-objects tells. */
  const grantsOf = ({ grants }: DatabaseUser): string =>
    grants
      .filter(({ on }) => on === null || (onRestored.has(on) && onSource.has(on)))
      .map(({ on, what }) => JSON.stringify([on, what]))
      .sort()
      .join();
  const differences = [...source].flatMap(([name, there]): Part[] => {
    const here = restored.get(name);
    if (here === undefined) {
      return [
        {
          verdict: 'fail',
          evidence: `${name} does not exist: made since the restore point, if the restore is right`,
        },
      ];
    }
    const what = [
      ...(here.password === there.password ? [] : ['another password']),
      ...(grantsOf(here) === grantsOf(there) ? [] : ['other grants']),
    ].join(' and ');
    return what === ''
      ? []
      : [
          {
            verdict: 'fail',
            evidence: `${name} has ${what}: changed since the restore point, if the restore is right`,
          },
        ];
  });
  const extra = [...restored.keys()]
    .filter((name) => !source.has(name))
    .map((name): Part => ({ verdict: 'pass', evidence: `${name} is gone from the source since` }));
  return [...differences, ...extra, { verdict: 'pass', evidence: `${amount(source.size, 'user')} compared` }];
}

function objectsOf(users: ReadonlyMap<string, DatabaseUser>): ReadonlySet<string | null> {
  return new Set([...users.values()].flatMap(({ grants }) => grants.map(({ on }) => on)));
}
