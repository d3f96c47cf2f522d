import type { EngineName } from '../engines/database-cluster';

/** A source cluster as the scenario sees it: reachable, with its first base backup still to be taken. */
export interface SourceCluster {
  readonly identifier: string;
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number;
  readonly masterUsername: string;
  readonly masterPassword: string;
  /** Takes the base backup that later restores begin from, and an automated snapshot. */
  takeBaseBackup(): Promise<void>;
}

/** What a scenario needs of the sandbox that it plays in. */
export interface ScenarioHost {
  /** Environment by which another process reaches the sandbox's endpoints. */
  readonly env: Readonly<Record<string, string>>;
  createSourceCluster(options: {
    readonly identifier: string;
    readonly instances: readonly string[];
    readonly settings?: { readonly backtrackWindowSeconds: number };
  }): Promise<SourceCluster>;
  /** Where the zones of Route 53 are resolved, as `127.0.0.1:53535`. */
  readonly resolverAddress: string;
  putParameter(name: string, value: string, description: string): void;
  /** Makes a private hosted zone with these CNAMEs, and answers with its id. */
  createHostedZone(
    domain: string,
    cnames: readonly { name: string; target: string; ttlSeconds: number }[],
  ): string;
  /** Calls an operation of AWS's, such as `secretsmanager`, `CreateSecret`. */
  call(service: string, operation: string, input: object): Promise<object>;
  /** Registers `GET` or `POST /_sandbox/<path>`; what the handler returns is answered as JSON. */
  route(
    method: 'GET' | 'POST',
    path: string,
    handler: (rest: string, body: unknown) => Promise<object> | object,
  ): void;
}

export interface Scenario {
  close(): Promise<void>;
}
