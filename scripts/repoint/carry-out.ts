import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readArtefact, readEvenIfStale, writeArtefact } from '../../lib/artefact-files';
import type { RepointJournal } from '../../lib/artefacts/repoint-journal';
import { interrupted, output } from '../../lib/cli';
import { Configurations } from '../../lib/cutover/appconfig';
import { openDocument, type Gateways } from '../../lib/cutover/document-stores';
import { runJournal } from '../../lib/cutover/run-journal';
import { Secrets } from '../../lib/cutover/secrets-manager';
import { ParameterStore } from '../../lib/cutover/ssm';
import { valueOf } from '../../lib/errors';
import { formatInstant, microsFromMillis, type EpochMicros } from '../../lib/time';

/**
 * Carries out what the repoint plan leaves to the SDK, once Terraform has applied its own part, and
 * keeps in repoint-journal.json what was done and when: also that there was nothing to do.
 */
export async function carryOutJournal(drill: string): Promise<void> {
  const { value: plan, sha256 } = valueOf(readArtefact(drill, 'repointPlan'));
  const at = { region: plan.region };
  const gateways: Gateways = {
    parameters: new ParameterStore(new SSMClient(at)),
    secrets: new Secrets(new SecretsManagerClient(at)),
    configurations: new Configurations(new AppConfigClient(at)),
    signal: interrupted,
  };
  const now = (): EpochMicros => microsFromMillis(Date.now());
  const task = output.task('what Terraform leaves to the journal');
  try {
    const run = await runJournal({
      plan,
      planSha256: sha256,
      journal: readJournal(drill),
      open: (target) => openDocument(target, gateways),
      keep: (runs) =>
        void writeArtefact(drill, 'repointJournal', { drill, madeAt: formatInstant(now()), runs }),
      now,
      onProgress: (text) => {
        interrupted.throwIfAborted();
        task.update(text);
      },
    });
    task.stop();
    for (const { name, version } of valueOf(run).steps) {
      output.say(
        `${name}: holds the ${plan.direction === 'forward' ? 'restored' : 'old'} host (version ${version ?? '?'})`,
      );
    }
  } finally {
    task.stop();
  }
}

export function readJournal(drill: string): RepointJournal | undefined {
  const journal = readEvenIfStale(drill, 'repointJournal');
  if (!journal.ok && journal.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(journal).value;
}
