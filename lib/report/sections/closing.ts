import { columns, type Block, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, say, strong, type Phrase } from '../phrase';
import { showInstant } from '../words';

/** The way back from wherever this drill stands. */
export function undoSection({ repointPlan, restorePlan, drill }: ReportModel): Section {
  const steps: Phrase[] = [];
  const commands: string[] = [`export DRILL=${drill}`];
  if (repointPlan?.direction === 'back') {
    steps.push(
      say`${strong('The way back is planned already.')} The command below applies it again if it has not been applied.`,
    );
    commands.push('npx cdktf deploy repoint');
  } else if (repointPlan !== null) {
    steps.push(
      say`${strong('Point the application back.')} The way back is planned from the values that the targets held before; the second command applies it. Writes that the application made on the new cluster stay there: copy them first if they matter.`,
    );
    commands.push(`npm run plan-repoint -- --drill ${drill} --back`, 'npx cdktf deploy repoint');
  } else {
    steps.push(say`${strong('The application was not touched:')} nothing has been planned that repoints it.`);
  }
  if (restorePlan !== null) {
    steps.push(
      say`${strong('Remove the new cluster')} ${code(restorePlan.restored.clusterIdentifier)} once nothing uses it. Terraform removes what it made, and nothing else.`,
    );
    commands.push('npx cdktf destroy restore');
    steps.push(
      say`${strong('The old cluster')} ${code(restorePlan.source.clusterIdentifier)} was never changed: it still holds the damage, and every write since.`,
    );
  }
  const blocks: Block[] = [{ kind: 'list', items: steps }];
  if (commands.length > 1) blocks.push({ kind: 'code', language: 'sh', text: commands.join('\n') });
  return { id: 'undo', title: 'How to undo', blocks };
}

/** Which files this report was made from, and how anyone can check that. */
export function chainSection({ chain, drill, absent }: ReportModel): Section {
  const blocks: Block[] = [
    {
      kind: 'text',
      text: say`Each file names the SHA-256 of the files that it was made from; all of these links were checked when this report was made.`,
    },
    {
      kind: 'table',
      caption: 'Incident → restore plan → verification → repoint plan → this report',
      columns: columns('File', 'SHA-256', '#Made (UTC)', 'Made from'),
      rows: chain.links.map(({ file, sha256, madeAt, madeFrom }) => [
        [code(file)],
        [code(sha256)],
        [showInstant(madeAt).replace(' UTC', '')],
        madeFrom.length === 0 ? ['the audit log'] : codes(madeFrom),
      ]),
    },
    {
      kind: 'text',
      text: say`One hash over the whole chain: ${code(chain.seal)}. To check it, run this in ${code(`drills/${drill}`)}:`,
    },
    { kind: 'code', language: 'sh', text: chain.command },
  ];
  const left = absent.filter(({ file }) => file !== 'timeline.json');
  if (left.length > 0) {
    blocks.push({ kind: 'text', text: say`Not part of the chain: ${codes(left.map(({ file }) => file))}.` });
  }
  return { id: 'chain', title: 'Chain of evidence', blocks };
}
