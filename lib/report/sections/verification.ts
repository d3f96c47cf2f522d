import { columns, type Block, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, lines, mark, say, strong, type Phrase } from '../phrase';
import { showInstant } from '../words';

export function verificationSection({ verification, drill }: ReportModel): Section {
  const title = 'Checks on the restored data';
  if (verification === null) {
    const text = say`The restored data has not been verified: make it with ${code(`npm run verify -- --drill ${drill}`)}.`;
    return { id: 'verification', title, blocks: [{ kind: 'text', text }] };
  }
  return {
    id: 'verification',
    title,
    blocks: verification.clusters.map(({ restored, checks }): Block => ({
      kind: 'table',
      caption: `Made ${showInstant(verification.startedAt)} on ${restored.clusterIdentifier}`,
      columns: columns('Check', 'Verdict', 'Evidence', '#Took'),
      rows: checks.map(({ name, title: shows, verdict, evidence, tookMs }) => [
        lines([[strong(shows)], [code(name)]]),
        [mark(verdict)],
        lines(evidence.map((text) => [text])),
        [`${Math.round(tookMs)} ms`],
      ]),
    })),
  };
}

/** What a reader must not conclude from a pass. */
export function notProvenSection({
  verification,
  incident,
  recoveryTime,
  dataLoss,
}: ReportModel): Section | undefined {
  const clusters = verification?.clusters ?? [];
  const items: Phrase[] = clusters.flatMap(({ restored, notProven }) =>
    notProven.map((text) =>
      clusters.length === 1 ? [text] : say`of ${code(restored.clusterIdentifier)}: ${text}`,
    ),
  );
  if (incident !== null) {
    items.push(...incident.coverage.warnings.map((warning) => say`about the logs: ${warning}`));
    if (incident.coverage.unparsed > 0) {
      items.push(
        say`${incident.coverage.unparsed} records of the log were not understood; one of them may have written`,
      );
    }
  }
  if (dataLoss !== null && dataLoss.uncountedMs !== 0) {
    items.push(say`that no more than the counted writes are lost: the counts end where the logs were read`);
  }
  if (recoveryTime?.basis === 'stamps')
    items.push(
      say`how long each step took by itself: only the artefacts’ stamps tell, and resolve left none of its begin`,
    );
  if (items.length === 0) return undefined;
  const blocks: readonly Block[] = [{ kind: 'list', items }];
  return { id: 'not-proven', title: 'What this does not prove', blocks };
}
