import path from 'node:path';
import { clientEnvironment, writeShellFile } from './client-environment';
import { ControlRoutes, type RouteHandler } from './control-routes';
import { allocateAddress } from './engines/addresses';
import type { DatabaseEngine } from './engines/database-cluster';
import { openMariaDb } from './engines/mariadb/engine';
import { openWorkspace, type Workspace } from './engines/workspace';
import { dispatch } from './protocols/dispatch';
import { listenOnLoopback, type HttpRequest, type HttpResponse } from './protocols/http-server';
import { service, type Service } from './protocols/service';
import type { SourceCluster } from './scenario/scenario-host';
import { LogsState } from './services/logs/logs-state';
import { logsOperations } from './services/logs/operations';
import type { ClusterSettings } from './services/rds/model';
import { rdsService } from './services/rds/rds-service';
import { RdsState } from './services/rds/rds-state';
import { createSourceCluster } from './services/rds/source-cluster';
import { putParameter } from './services/ssm/put-parameter';
import { ssmService } from './services/ssm/ssm-service';
import { SsmState } from './services/ssm/ssm-state';
import { stsService } from './services/sts/sts-service';
import { defaultSettings, type Settings } from './settings';

export interface Sandbox {
  readonly endpointUrl: string;
  readonly settings: Settings;
  /** A file for a shell to read: it exports `env`. */
  readonly envFile: string;
  /** What a shell needs to export so that any AWS SDK, the AWS CLI or Terraform talks to the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** Clusters as they are now. */
  clusters(): { id: string; endpoint: string; port: number }[];
  /** Makes a cluster that is at work from the start, as if it had been there before the sandbox; its first instance is the writer. */
  createSourceCluster(options: {
    readonly identifier: string;
    readonly instances: readonly string[];
    readonly settings?: Partial<ClusterSettings>;
  }): Promise<SourceCluster>;
  putParameter(name: string, value: string, description: string): void;
  /** Registers `GET` or `POST /_sandbox/<name>`; the handler gets what follows in the path and its result is answered as JSON. */
  route(method: 'GET' | 'POST', name: string, handler: RouteHandler): void;
  /** Ends every server and query, and removes every file of this run. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly settings?: Partial<Settings>;
  /** Finds the database engine when the first source cluster needs it; MariaDB unless given. */
  readonly openEngine?: (workspace: Workspace, say: (line: string) => void) => Promise<DatabaseEngine>;
  /** For words to the person: what goes wrong, and calls that were refused. */
  readonly say: (line: string) => void;
  /** Also tells of calls that went well. */
  readonly verbose?: boolean;
  /** The person's own environment, whose AWS profiles and proxies must not lead elsewhere. */
  readonly outerEnv?: NodeJS.ProcessEnv;
  readonly projectRoot?: string;
}

/** Starts the local AWS endpoints, without any cluster or parameter. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const settings = { ...defaultSettings(), ...options.settings };
  const workspace = await openWorkspace(options.projectRoot ?? path.join(__dirname, '..'));
  try {
    return await startIn(workspace, settings, options);
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

async function startIn(workspace: Workspace, settings: Settings, options: SandboxOptions): Promise<Sandbox> {
  const { say } = options;
  const logs = new LogsState(settings);
  const rds = new RdsState(settings, {
    directory: workspace.runDirectory,
    allocateAddress,
    say,
    onAuditLine: (cluster, instance, line) => {
      logs.deliverAuditLine(cluster, instance, line);
    },
  });
  const ssm = new SsmState(settings.accountId, settings.region);
  const services = [rdsService(rds), ssmService(ssm), stsService(settings), logsService(logs)];
  const routes = new ControlRoutes();
  const server = await listenOnLoopback(settings.port, (request) =>
    ControlRoutes.owns(request) ? routes.answer(request) : answerAws(request, services, settings, options),
  );
  const outerEnv = options.outerEnv ?? process.env;
  const env = clientEnvironment(server.url, settings, workspace.runDirectory, outerEnv);
  let engine: Promise<DatabaseEngine> | undefined;
  const sandbox: Sandbox = {
    endpointUrl: server.url,
    settings,
    env,
    envFile: writeShellFile(env, workspace.runDirectory),
    clusters: () =>
      [...rds.clusters.values()].map(({ identifier, address }) => ({
        id: identifier,
        endpoint: address.host,
        port: address.port,
      })),
    createSourceCluster: async ({ identifier, instances, settings: clusterSettings = {} }) => {
      engine ??= (options.openEngine ?? openMariaDb)(workspace, say);
      const { masterUsername, masterPassword } = settings;
      const cluster = await createSourceCluster(
        {
          identifier,
          instances,
          engine: await engine,
          masterUsername,
          masterPassword,
          settings: clusterSettings,
        },
        rds,
      );
      return {
        identifier,
        ...cluster.address,
        masterUsername,
        masterPassword,
        takeBaseBackup: async () => cluster.database?.engine.takeBaseBackup(),
      };
    },
    putParameter: (name, value, description) => {
      const input = { Name: name, Value: value, Type: 'String', Description: description };
      void putParameter.run(putParameter.input.parse(input), ssm);
    },
    route: (method, name, handler) => {
      routes.add(method, name, handler);
    },
    close: async () => {
      logs.close();
      await server.close();
      try {
        await rds.close();
      } finally {
        await workspace.close();
      }
    },
  };
  routes.add('GET', 'clusters', () => ({ clusters: sandbox.clusters() }));
  routes.add('POST', 'clusters', async (identifier) => {
    await sandbox.createSourceCluster({ identifier, instances: [`${identifier}-1`] });
    return { clusters: sandbox.clusters() };
  });
  return sandbox;
}

function logsService(state: LogsState): Service {
  return service({
    name: 'logs',
    wire: { protocol: 'json', targetPrefix: 'Logs_20140328' },
    invalidInput: { missing: 'InvalidParameterException', invalid: 'InvalidParameterException' },
    operations: logsOperations,
    state,
  });
}

async function answerAws(
  request: HttpRequest,
  services: readonly Service[],
  { region }: Settings,
  { say, verbose = false }: SandboxOptions,
): Promise<HttpResponse> {
  const answer = await dispatch(request, {
    services,
    region,
    onBug: (error) => {
      say(`bug in the sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  });
  if (verbose || answer.status >= 400) say(answer.summary);
  return answer;
}
