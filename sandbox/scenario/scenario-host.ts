/** A source cluster as the scenario sees it: reachable, with its first base backup still to be taken. */
export interface SourceCluster {
  readonly identifier: string;
  readonly host: string;
  readonly port: number;
  readonly masterUsername: string;
  readonly masterPassword: string;
  /** Takes the base backup that later restores begin from. */
  takeBaseBackup(): Promise<void>;
}

/** What a scenario needs of the sandbox that it plays in. */
export interface ScenarioHost {
  /** Environment by which another process reaches the sandbox's endpoints. */
  readonly env: Readonly<Record<string, string>>;
  createSourceCluster(options: { identifier: string; instances: readonly string[] }): Promise<SourceCluster>;
  putParameter(name: string, value: string, description: string): void;
  /** Registers `GET` or `POST /_sandbox/<path>`; what the handler returns is answered as JSON. */
  route(method: 'GET' | 'POST', path: string, handler: (rest: string) => Promise<object> | object): void;
}

export interface Scenario {
  close(): Promise<void>;
}
