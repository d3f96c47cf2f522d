import { writeArtefact } from '../../lib/artefact-files';
import { readSwap } from '../../lib/cutover/swap-journal';
import { formatInstant, microsFromMillis } from '../../lib/time';
import { runScriptFile } from '../undo/run-script';

/** Takes the restored clusters into Terraform's state by the names that they have now, through guard and apply. */
export async function adoptRestored(drill: string): Promise<void> {
  const stack = ['--drill', drill, '--stack', 'restore'];
  await runScriptFile('guard-plan', stack);
  await runScriptFile('apply', stack);
  recordAdopted(drill);
}

/** The last entry of a swap's journal. */
export function recordAdopted(drill: string): void {
  const swap = readSwap(drill);
  if (swap === undefined) throw new Error(`drill '${drill}' has no swap`);
  const { schemaVersion: _, ...journal } = swap;
  writeArtefact(drill, 'swap', { ...journal, adoptedAt: formatInstant(microsFromMillis(Date.now())) });
}
