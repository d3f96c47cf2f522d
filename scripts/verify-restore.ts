import { RDSClient } from '@aws-sdk/client-rds';
import { drillDirectory, findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import { interrupted, output, runScript } from '../lib/cli';
import { EXIT, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { checkNotRepointed, readApplied } from '../lib/terraform/applied';
import { formatInstant, microsFromMillis, parseInstant } from '../lib/time';
import type { OpenDatabase, ServerAddress } from '../lib/verify/mysql';
import { listNotProven } from '../lib/verify/not-proven';
import { ownChecksJsonSchema } from '../lib/verify/own-checks/own-checks-file';
import { runOwnChecks } from '../lib/verify/own-checks/run-own-checks';
import { prepareContext } from '../lib/verify/prepare-context';
import { renderVerification } from '../lib/verify/render-verification';
import { checkEngine, resolveRestoredCluster } from '../lib/verify/restored-cluster';
import { CHECKS, failedNames, runChecks, verdictOf } from '../lib/verify/run-checks';
import { connectBy } from './verify/databases';
import { command, options } from './verify/options';
import { readOwnChecks } from './verify/own-checks';

void runScript(command, options, async (asked) => {
  if (asked.checksSchema) {
    output.result(JSON.stringify(ownChecksJsonSchema(), null, 2));
    return EXIT.ok;
  }
  const startedAtMs = Date.now();
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  valueOf(checkNotRepointed(drill, readApplied(drillDirectory(drill))));
  const incident = valueOf(readArtefact(drill, 'incident'));
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  valueOf(checkEngine(plan.value));
  const own = readOwnChecks(asked.checks);
  const connect = connectBy(process.env);

  const rds = new RdsReader(new RDSClient({ region: plan.value.region }));
  const { source: found } = valueOf(await rds.fetchFacts(plan.value.restored.clusterIdentifier));
  const restored = valueOf(resolveRestoredCluster(plan.value, found));
  const { endpoint, port } = plan.value.source;
  const addresses: Record<ServerAddress['side'], ServerAddress | undefined> = {
    restored: { side: 'restored', host: restored.endpoint, port: restored.port },
    source: asked.source ? { side: 'source', host: endpoint, port } : undefined,
  };

  const databases: OpenDatabase[] = [];
  const task = output.task(`verifying ${restored.clusterIdentifier}`);
  const onProgress = (text: string): void => {
    interrupted.throwIfAborted();
    task.update(text);
  };
  const now = (): number => performance.now();
  try {
    for (const address of [addresses.restored, addresses.source]) {
      if (address !== undefined) databases.push(await connect(address, asked.statementTimeout));
    }
    const [onRestored, onSource] = databases;
    if (onRestored === undefined) throw new Error('the restored side is always read');
    const context = await prepareContext({
      incident: incident.value,
      restoreTo: valueOf(parseInstant(plan.value.restoreTo)),
      restored: onRestored,
      source: onSource,
      settings: asked.settings,
      onProgress,
    });
    const builtIn = await runChecks(CHECKS, context, now);
    const open = async (side: ServerAddress['side'], timeoutMs: number): Promise<OpenDatabase | undefined> =>
      addresses[side] === undefined ? undefined : connect(addresses[side], timeoutMs);
    const ownResults = await runOwnChecks(own?.checks ?? [], {
      open,
      parallel: asked.parallel,
      now,
      onProgress,
    });
    const checks = [...builtIn, ...ownResults];
    task.stop();
    const { value, path } = writeArtefact(drill, 'verification', {
      drill,
      madeAt: formatInstant(microsFromMillis(Date.now())),
      madeFrom: { 'incident.json': incident.sha256, 'restore-plan.json': plan.sha256 },
      startedAt: formatInstant(microsFromMillis(startedAtMs)),
      tookMs: Date.now() - startedAtMs,
      verdict: verdictOf(checks),
      restored,
      ...(own === undefined ? {} : { ownChecks: { file: own.file, sha256: own.sha256 } }),
      checks,
      notProven: listNotProven(incident.value, plan.value, checks, asked.source),
    });
    output.result(asked.json ? JSON.stringify(value, null, 2) : renderVerification(value));
    output.say(`\nwrote ${path}`);
    if (value.verdict === 'fail') {
      output.refusal({
        reason: 'verification-failed',
        message: `the restored data of drill '${drill}' failed: ${failedNames(checks)}`,
        hint: 'do not bring the application over; the evidence above says what is wrong',
      });
      return EXIT.refused;
    }
    output.say(`next: npm run plan-repoint -- --drill ${drill}`);
    return EXIT.ok;
  } finally {
    task.stop();
    await Promise.all(databases.map((database) => database.close()));
  }
});
