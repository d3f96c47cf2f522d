import { randomBytes } from 'node:crypto';
import type { EngineName } from '../engines/database-cluster';
import type { LedgerOptions } from './application-status';
import { startBackgroundSessions } from './background-sessions';
import { NAMES, writeConfiguration } from './configuration';
import { GroundTruth } from './ground-truth';
import { incidentsOf } from './incidents';
import { playIncident } from './play-incident';
import { seedLedgerDatabase } from './ledger-database';
import type { Scenario, ScenarioHost } from './scenario-host';
import { connectSession, type Session } from './session';
import { startApplication } from './start-application';
import { seedTradingDatabase, USERS, type TradingUser } from './trading-database';

/**
 * A brokerage at work: cluster `trading` with its data, the application, other sessions, and an
 * incident whenever someone asks for one (`POST /_sandbox/incidents/<name>`).
 * @param options with `ledger` the application books every order in a second cluster, `trading-ledger`
 */
export async function startTradingScenario(
  host: ScenarioHost,
  options: { readonly ledger?: boolean } = {},
): Promise<Scenario> {
  const cluster = await host.createSourceCluster({ identifier: 'trading', instances: ['trading-1'] });
  const passwords = Object.fromEntries(
    USERS.map((user) => [user, randomBytes(12).toString('base64url')]),
  ) as Record<TradingUser, string>;
  const { engine, host: address, port, masterUsername, masterPassword } = cluster;
  const server = { engine, host: address, port };
  await seedTradingDatabase({ ...server, user: masterUsername, password: masterPassword }, passwords);
  await cluster.takeBaseBackup();
  const asApplication = { ...server, user: 'trading_app', password: passwords.trading_app } as const;
  await writeConfiguration(host, { identifier: cluster.identifier, ...asApplication });

  const connect = (user: TradingUser): Promise<Session> =>
    connectSession({ ...server, user, password: passwords[user], database: 'trading' });
  const stopSessions = startBackgroundSessions(connect);
  const application = startApplication(
    { ...process.env, ...host.env },
    {
      ...asApplication,
      names: NAMES,
      dnsServer: host.resolverAddress,
      ...(options.ledger === true && { ledger: await startLedger(host, engine) }),
    },
  );
  const incidents = incidentsOf(engine);
  const truth = new GroundTruth();
  host.route('GET', 'application', () => ({ ...application.status(), configurations: NAMES }));
  host.route('POST', 'application', (_rest, change) => application.configure(change));
  host.route('GET', 'truth', () => truth.toJSON());
  host.route('GET', 'incidents', () => ({
    incidents: [...incidents].map(([name, { title }]) => ({ name, title })),
  }));
  host.route('POST', 'incidents', async (name) => {
    const incident = incidents.get(name);
    if (incident === undefined) {
      throw new Error(`no incident '${name}' with ${engine}; there are: ${[...incidents.keys()].join(', ')}`);
    }
    const played = await playIncident(name, incident, connect);
    truth.add(played);
    return played;
  });
  return {
    close: async () => {
      await Promise.all([stopSessions(), application.stop()]);
    },
  };
}

/** Aurora PostgreSQL has no backtrack. */
const BACKTRACK_SECONDS = 86_400;
const LEDGER_PARAMETER = '/trading-ledger/db/host';

/** A small second cluster that the same application writes to, so that both must go back to one instant. */
async function startLedger(host: ScenarioHost, engine: EngineName): Promise<LedgerOptions> {
  const cluster = await host.createSourceCluster({
    identifier: 'trading-ledger',
    instances: ['trading-ledger-1'],
    settings: { backtrackWindowSeconds: engine === 'aurora-mysql' ? BACKTRACK_SECONDS : 0 },
  });
  const { host: address, port, masterUsername: user, masterPassword } = cluster;
  const password = randomBytes(12).toString('base64url');
  await seedLedgerDatabase({ engine, host: address, port, user, password: masterPassword }, password);
  await cluster.takeBaseBackup();
  host.putParameter(LEDGER_PARAMETER, address, 'database host that the trading application books orders in');
  return { parameter: LEDGER_PARAMETER, engine, port, password };
}
