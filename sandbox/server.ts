import path from 'node:path';
import { z } from 'zod';
import { ADMINISTRATOR_KEY, clientEnvironment, writeShellFile } from './client-environment';
import { ControlRoutes, type RouteHandler } from './control-routes';
import { allocateAddress } from './engines/addresses';
import type { DatabaseEngine, EngineName } from './engines/database-cluster';
import { openMariaDb } from './engines/mariadb/engine';
import { openPostgres } from './engines/postgresql/engine';
import { openWorkspace, type Workspace } from './engines/workspace';
import { dispatch, type RequestedCall } from './protocols/dispatch';
import { listenOnLoopback, type HttpRequest, type HttpResponse } from './protocols/http-server';
import { AwsError } from './protocols/operation';
import { service, type Service } from './protocols/service';
import { putRole, type RoleEnvironment } from './roles';
import type { SourceCluster } from './scenario/scenario-host';
import { openConfigurationServices } from './services/configuration-services';
import { authorize, type TagsOf } from './services/iam/authorize';
import { iamService } from './services/iam/iam-service';
import { IamState } from './services/iam/iam-state';
import { LogsState } from './services/logs/logs-state';
import { logsOperations } from './services/logs/operations';
import type { ClusterSettings } from './services/rds/model';
import { rdsService } from './services/rds/rds-service';
import { RdsState } from './services/rds/rds-state';
import { createSourceCluster } from './services/rds/source-cluster';
import { tagsOfResource } from './services/rds/tagged-resource';
import { takeAutomatedSnapshot } from './services/rds/take-snapshot';
import { stsService } from './services/sts/sts-service';
import { defaultSettings, type Settings } from './settings';

export interface Sandbox {
  readonly endpointUrl: string;
  readonly settings: Settings;
  /** A file for a shell to read: it exports `env`. */
  readonly envFile: string;
  /** What a shell needs to export so that any AWS SDK, the AWS CLI or Terraform talks to the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the zones of Route 53 are resolved, as `127.0.0.1:53535`. */
  readonly resolverAddress: string;
  /** Clusters as they are now. */
  clusters(): { id: string; endpoint: string; port: number }[];
  /** Makes a cluster that is at work from the start, as if it had been there before the sandbox; its first instance is the writer. */
  createSourceCluster(options: {
    readonly identifier: string;
    readonly instances: readonly string[];
    readonly settings?: Partial<ClusterSettings>;
  }): Promise<SourceCluster>;
  putParameter(name: string, value: string, description: string): void;
  /** Makes a private hosted zone of Route 53 with these CNAMEs, and answers with its id. */
  createHostedZone(
    domain: string,
    cnames: readonly { name: string; target: string; ttlSeconds: number }[],
  ): string;
  /**
   * Makes or replaces a role with this policy, and answers with credentials of it. From the first one on
   * every call is judged by its caller's policies; the keys of `env` may do everything.
   */
  putRole(name: string, policy: unknown): { arn: string; env: RoleEnvironment };
  /** Calls an operation of AWS's as a client would, without the way over HTTP. */
  call(service: string, operation: string, input: object): Promise<object>;
  /** Registers `GET` or `POST /_sandbox/<name>`; the handler gets what follows in the path and its result is answered as JSON. */
  route(method: 'GET' | 'POST', name: string, handler: RouteHandler): void;
  /** Ends every server and query, and removes every file of this run. */
  close(): Promise<void>;
}

const clusterSettingsSchema = z.strictObject({
  backtrackWindowSeconds: z.int().min(0).max(259_200).default(0),
});

type OpenEngine = (workspace: Workspace, say: (line: string) => void) => Promise<DatabaseEngine>;
const ENGINES: Readonly<Record<EngineName, OpenEngine>> = {
  'aurora-mysql': openMariaDb,
  'aurora-postgresql': openPostgres,
};

export interface SandboxOptions {
  readonly settings?: Partial<Settings>;
  /** What source clusters run; Aurora MySQL unless given. */
  readonly engine?: EngineName;
  /** Finds the database engine when the first source cluster needs it, in place of the one that stands for `engine`. */
  readonly openEngine?: OpenEngine;
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
    onAuditLine: (cluster, instance, line, log) => {
      logs.deliverAuditLine(cluster, instance, line, log);
    },
  });
  const configuration = await openConfigurationServices(settings);
  const iam = new IamState(settings.accountId, settings.region, ADMINISTRATOR_KEY);
  const tagsOf: TagsOf = (arn) =>
    arn.startsWith('arn:aws:rds:') ? rdsTags(arn, rds) : configuration.tagsOf(arn);
  const services = [
    rdsService(rds),
    stsService(iam),
    iamService(iam),
    logsService(logs),
    ...configuration.services,
  ];
  const routes = new ControlRoutes();
  const server = await listenOnLoopback(settings.port, (request) =>
    ControlRoutes.owns(request)
      ? routes.answer(request)
      : answerAws(request, services, settings, options, (call) => {
          authorize(call, iam, tagsOf);
        }),
  );
  const outerEnv = options.outerEnv ?? process.env;
  const env = {
    ...clientEnvironment(server.url, settings, workspace.runDirectory, outerEnv),
    DRILL_DNS_SERVER: configuration.resolverAddress,
  };
  let engine: Promise<DatabaseEngine> | undefined;
  const sandbox: Sandbox = {
    endpointUrl: server.url,
    settings,
    env,
    resolverAddress: configuration.resolverAddress,
    envFile: writeShellFile(env, workspace.runDirectory),
    clusters: () =>
      [...rds.clusters.values()].map(({ identifier, address }) => ({
        id: identifier,
        endpoint: address.host,
        port: address.port,
      })),
    createSourceCluster: async ({ identifier, instances, settings: clusterSettings = {} }) => {
      engine ??= (options.openEngine ?? ENGINES[options.engine ?? 'aurora-mysql'])(workspace, say);
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
        engine: (await engine).engine,
        ...cluster.address,
        masterUsername,
        masterPassword,
        takeBaseBackup: async () => {
          await cluster.database?.engine.takeBaseBackup();
          takeAutomatedSnapshot(cluster, rds);
        },
      };
    },
    putParameter: (name, value, description) => {
      const input = { Name: name, Value: value, Type: 'String', Description: description };
      void sandbox.call('ssm', 'PutParameter', input);
    },
    createHostedZone: (domain, cnames) => {
      const records = cnames.map(({ name, target, ttlSeconds }) => {
        return { name, type: 'CNAME', ttlSeconds, values: [target] } as const;
      });
      return configuration.hostedZones.createZone(domain, records).id;
    },
    putRole: (name, policy) => putRole(name, policy, iam),
    call: async (serviceName, operation, input) => {
      const called = services.find(({ name }) => name === serviceName);
      if (called === undefined) throw new Error(`the sandbox has no service '${serviceName}'`);
      return called.invoke(operation, input);
    },
    route: (method, name, handler) => {
      routes.add(method, name, handler);
    },
    close: async () => {
      logs.close();
      await Promise.all([server.close(), configuration.close()]);
      try {
        await rds.close();
      } finally {
        await workspace.close();
      }
    },
  };
  routes.add('GET', 'clusters', () => ({ clusters: sandbox.clusters() }));
  routes.add('POST', 'roles', (name, policy) => sandbox.putRole(name, policy));
  routes.add('POST', 'clusters', async (identifier, body) => {
    const checked = clusterSettingsSchema.safeParse(body ?? {});
    if (!checked.success) throw new Error(z.prettifyError(checked.error));
    await sandbox.createSourceCluster({
      identifier,
      instances: [`${identifier}-1`],
      settings: checked.data,
    });
    return { clusters: sandbox.clusters() };
  });
  return sandbox;
}

function rdsTags(arn: string, rds: RdsState): ReadonlyMap<string, string> | undefined {
  try {
    return tagsOfResource(arn, rds);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
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
  authorizeCall: (call: RequestedCall) => void,
): Promise<HttpResponse> {
  const answer = await dispatch(request, {
    services,
    region,
    authorize: authorizeCall,
    onBug: (error) => {
      say(`bug in the sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  });
  if (verbose || answer.status >= 400) say(answer.summary);
  return answer;
}
