import { RDSClient } from '@aws-sdk/client-rds';
import { findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import type { PlannedCluster } from '../lib/artefacts/restore-plan';
import type { VerifiedCluster } from '../lib/artefacts/verification';
import { interrupted, output, runScript } from '../lib/cli';
import { EXIT, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { checkNotRepointed, fetchApplied } from '../lib/terraform/applied';
import { formatInstant, microsFromMillis } from '../lib/time';
import { checkClustersNamed, checksOf, ownChecksJsonSchema } from '../lib/verify/own-checks/own-checks-file';
import { renderVerification } from '../lib/verify/render-verification';
import { failedNames } from '../lib/verify/run-checks';
import { connectBy } from './verify/databases';
import { command, options } from './verify/options';
import { readOwnChecks } from './verify/own-checks';
import { verifyCluster } from './verify/verify-cluster';

void runScript(command, options, async (asked) => {
  if (asked.checksSchema) {
    output.result(JSON.stringify(ownChecksJsonSchema(), null, 2));
    return EXIT.ok;
  }
  const startedAtMs = Date.now();
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  valueOf(checkNotRepointed(drill, await fetchApplied(drill)));
  const incident = valueOf(readArtefact(drill, 'incident'));
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  const own = readOwnChecks(asked.checks, plan.value);
  const connect = connectBy(process.env);

  const [damaged, ...further] = plan.value.clusters;
  const task = output.task(`verifying ${damaged.restored.clusterIdentifier}`);
  const tools = {
    rds: new RdsReader(new RDSClient({ region: plan.value.region })),
    connect,
    readSource: asked.source,
    database: asked.database,
    parallel: asked.parallel,
    statementTimeoutMs: asked.statementTimeout,
    settings: asked.settings,
    onProgress: (text: string): void => {
      interrupted.throwIfAborted();
      task.update(text);
    },
  };
  const named = plan.value.clusters.map(({ source }) => source.clusterIdentifier);
  valueOf(checkClustersNamed(own?.checks ?? [], named));
  const verify = (cluster: PlannedCluster): Promise<VerifiedCluster> =>
    verifyCluster(
      {
        plan: plan.value,
        cluster,
        incident: cluster === damaged ? incident.value : undefined,
        ownChecks: checksOf(
          own?.checks ?? [],
          cluster.source.clusterIdentifier,
          damaged.source.clusterIdentifier,
        ),
      },
      tools,
    );
  try {
    const clusters: [VerifiedCluster, ...VerifiedCluster[]] = [await verify(damaged)];
    for (const cluster of further) clusters.push(await verify(cluster));
    task.stop();
    interrupted.throwIfAborted();
    const { value, path } = writeArtefact(drill, 'verification', {
      drill,
      madeAt: formatInstant(microsFromMillis(Date.now())),
      madeFrom: { 'incident.json': incident.sha256, 'restore-plan.json': plan.sha256 },
      startedAt: formatInstant(microsFromMillis(startedAtMs)),
      tookMs: Date.now() - startedAtMs,
      verdict: clusters.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'fail',
      ...(own === undefined ? {} : { ownChecks: { file: own.file, sha256: own.sha256 } }),
      clusters,
    });
    output.result(asked.json ? JSON.stringify(value, null, 2) : renderVerification(value));
    output.say(`\nwrote ${path}`);
    if (value.verdict === 'pass') {
      output.say(`next: npm run plan-repoint -- --drill ${drill}`);
      return EXIT.ok;
    }
    const failed = clusters.filter(({ verdict }) => verdict === 'fail');
    const names = failed.map(({ source, checks }) => {
      const found = failedNames(checks, source === damaged.source.clusterIdentifier);
      return clusters.length === 1 ? found : `${source}: ${found}`;
    });
    output.refusal({
      reason: 'verification-failed',
      message: `the restored data of drill '${drill}' failed: ${names.join('; ')}`,
      hint: 'do not bring the application over; the evidence above says what is wrong',
    });
    return EXIT.refused;
  } finally {
    task.stop();
  }
});
