import type { Approved } from '../approved';
import { answer, type Rule } from '../rule';
import { managedChanges } from '../terraform-plan';

/** A replacement deletes too, and shows as both actions. Adopting a resource is part of an update in place. */
const ALLOWED: Record<Approved['kind'], string> = { restore: 'create', repoint: 'update', destroy: 'delete' };

export const approvedActions: Rule = {
  name: 'approved-actions',
  title: 'a restore only creates, a repoint only updates in place, a destroy only deletes',
  check: ({ terraform, approved }) => {
    const allowed = ALLOWED[approved.kind];
    return answer(
      managedChanges(terraform).flatMap(({ address, change: { actions, importing } }) => {
        const others = actions.filter((action) => action !== allowed && action !== 'no-op');
        const found = actions.join(' and ');
        if (others.length > 0) return [{ address, problem: `${found}, expected ${allowed} only` }];
        if (importing !== undefined && approved.kind !== 'repoint') {
          return [{ address, problem: `import of ${importing.id ?? '?'}, expected ${allowed} only` }];
        }
        return [];
      }),
    );
  },
};
