import type { Incident } from '../artefacts/incident';
import type { PlannedCluster } from '../artefacts/restore-plan';
import type { CheckResult } from '../artefacts/verification';
import { incidentTables } from './incident-tables';

/** What stays open after a pass, in words: a reader must not take the verdict for more than it is. */
export function listNotProven(
  incident: Incident | undefined,
  { dataAt }: PlannedCluster,
  results: readonly CheckResult[],
  sourceWasRead: boolean,
  notSeen: readonly string[],
): string[] {
  const tables = incident === undefined ? undefined : incidentTables(incident).join(', ');
  return [
    ...results
      .filter((result) => result.verdict === 'not-applicable')
      .map((result) => `that ${result.title}: the check did not apply`),
    ...(sourceWasRead
      ? [
          ...(tables === undefined
            ? []
            : [
                `that ${tables || 'what the incident hit'} has every row that it had: the source, which lost them, cannot show it`,
              ]),
          'that rows which the source changed after the restore point had the right values before',
        ]
      : ['anything that only a comparison with the source shows: it was not read']),
    ...notSeen,
    `writes committed after ${dataAt}: they are not in the restored data, by design`,
    'that transactions still open at the restore point were meant to be left out',
    'the speed of the restored cluster: its caches are cold, and its storage may still be loading',
    'what the application does with the data: only the application or a check of your own can show that',
  ];
}
