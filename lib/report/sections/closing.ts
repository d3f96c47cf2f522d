import { columns, type Block, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, say, strong, type Phrase } from '../phrase';
import { isFenced, oldClusterWords } from '../old-cluster';
import { showInstant } from '../words';

const UNDO = (drill: string): string => `npm run undo -- --drill ${drill} --execute`;

/** The way back from wherever this drill stands. */
export function undoSection(model: ReportModel): Section {
  const { repointPlan, restorePlan, swap, fence, drill } = model;
  const steps: Phrase[] = [];
  const commands: string[] = [];
  if (repointPlan?.direction === 'back') {
    steps.push(
      say`${strong('The way back is planned already.')} The command below takes it again if it has not been taken to its end.`,
    );
    commands.push(UNDO(drill));
  } else if (repointPlan !== null) {
    steps.push(
      say`${strong('Point the application back.')} Every target gets the host that it held before, and a fence is lifted first; without ${code('--execute')} the command shows the steps. Writes that the application made on the new cluster stay there, and the command counts them: copy them first if they matter.`,
    );
    commands.push(UNDO(drill));
  } else if (swap !== null) {
    steps.push(
      say`${strong('Take the names back.')} Every cluster and instance gets the name that it had before, and a fence is lifted first; without ${code('--execute')} the command shows the steps. Writes that the application made on the new cluster stay there, and the command counts them: copy them first if they matter.`,
    );
    commands.push(UNDO(drill));
  } else {
    steps.push(
      isFenced(model)
        ? say`${strong('Lift the fence')} of the old cluster, so that the application can write there again: nothing has been planned that brings it over.`
        : say`${strong(fence === null ? 'The application was not touched:' : 'The application was not brought over:')} nothing has been planned that repoints it.`,
    );
    if (isFenced(model)) commands.push(UNDO(drill));
  }
  if (restorePlan !== null) {
    const one = restorePlan.clusters.length === 1;
    steps.push(
      say`${strong(one ? 'Remove the new cluster' : 'Remove the new clusters')} ${codes(restorePlan.clusters.map(({ restored }) => restored.clusterIdentifier))} once nothing uses ${one ? 'it' : 'them'}. Terraform removes what it made, and nothing else.`,
    );
    commands.push(
      ...['guard', 'apply'].map((step) => `npm run ${step} -- --drill ${drill} --stack restore --destroy`),
    );
    const { source } = restorePlan.clusters[0];
    steps.push(
      say`${strong('The old cluster')} ${code(source.clusterIdentifier)} ${oldClusterWords(model)}${source.deleted ? '' : '. It still holds the damage, and every write since'}.`,
    );
  }
  const blocks: Block[] = [{ kind: 'list', items: steps }];
  if (commands.length > 0) blocks.push({ kind: 'code', language: 'sh', text: commands.join('\n') });
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
      caption: 'In the order in which they are made from each other; this report comes last',
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
