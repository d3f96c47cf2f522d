import { amount, type Check } from '../check';
import { onlyRow, textOf } from '../database';

/** The endpoint that the application will get must lead to a server that takes writes. */
export const writerRole: Check = {
  name: 'writer-role',
  title: 'the restored endpoint leads to a server that takes writes',
  run: async ({ restored }) => {
    const row = onlyRow(
      await restored.database.query(
        'SELECT @@GLOBAL.read_only AS readOnly, @@GLOBAL.innodb_read_only AS innodbReadOnly, @@GLOBAL.event_scheduler AS events',
      ),
    );
    const closed = ['readOnly', 'innodbReadOnly'].filter((name) => !['0', 'OFF'].includes(textOf(row, name)));
    const events = restored.inventory.objects.filter(({ kind }) => kind === 'event').length;
    return {
      verdict: closed.length === 0 ? 'pass' : 'fail',
      evidence: [
        closed.length === 0
          ? 'it takes writes'
          : `it is read-only: ${closed.map((name) => (name === 'readOnly' ? 'read_only' : 'innodb_read_only')).join(', ')}`,
        ...(events > 0 && textOf(row, 'events') === 'ON'
          ? [`its event scheduler is on: ${amount(events, 'event')} may write already`]
          : []),
      ],
    };
  },
};
