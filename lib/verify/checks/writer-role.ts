import { amount, type Check } from '../check';

/** The endpoint that the application will get must lead to a server that takes writes. */
export const writerRole: Check = {
  name: 'writer-role',
  title: 'the restored endpoint leads to a server that takes writes',
  run: async ({ restored: { database, inventory } }) => {
    const { closedBy, eventsRun } = await database.dialect.fetchWriterState(database);
    const events = inventory.objects.filter(({ kind }) => kind === 'event').length;
    return {
      verdict: closedBy.length === 0 ? 'pass' : 'fail',
      evidence: [
        closedBy.length === 0 ? 'it takes writes' : `it is read-only: ${closedBy.join(', ')}`,
        ...(events > 0 && eventsRun
          ? [`its event scheduler is on: ${amount(events, 'event')} may write already`]
          : []),
      ],
    };
  },
};
