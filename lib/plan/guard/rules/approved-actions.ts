import type { Approved } from '../approved';
import { answer, type Rule } from '../rule';
import { managedChanges } from '../terraform-plan';

/** A replacement deletes too, and shows as both actions. Adopting a resource is part of an update in place. */
const ALLOWED: Record<Approved['kind'], readonly string[]> = {
  // a rule of its own says what an update may do
  restore: ['create', 'update'],
  repoint: ['update'],
  destroy: ['delete'],
};

export const approvedActions: Rule = {
  name: 'approved-actions',
  title:
    'a restore only creates, or finishes in place; a repoint, or what follows a swap, only adopts and updates in place; a destroy only deletes',
  check: ({ terraform, approved }) => {
    const adopts = approved.kind === 'restore' && approved.adopts === true;
    const allowed = adopts ? ALLOWED.repoint : ALLOWED[approved.kind];
    const expected = `expected ${allowed.join(' or ')} only`;
    return answer(
      managedChanges(terraform).flatMap(
        ({ address, action_reason: reason, previous_address: from, change }) => {
          const { actions, importing } = change;
          const others = actions.filter((action) => !allowed.includes(action) && action !== 'no-op');
          const found = actions.join(' and ');
          if (others.length > 0)
            return [{ address, problem: `${found}, ${expected}${wayOut(address, reason)}` }];
          if (importing !== undefined && approved.kind !== 'repoint' && !adopts) {
            return [{ address, problem: `import of ${importing.id ?? '?'}, ${expected}` }];
          }
          return from === undefined ? [] : [{ address, problem: `moved from ${from}, ${expected}` }];
        },
      ),
    );
  },
};

/** What an interrupted apply left unfinished is whole in AWS a while later; only Terraform doubts it. */
function wayOut(address: string, reason: string | undefined): string {
  if (reason !== 'replace_because_tainted') return '';
  return `: an apply was cut short there; once it is available, 'terraform untaint ${address}' keeps it`;
}
