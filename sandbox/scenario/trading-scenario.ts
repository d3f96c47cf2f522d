import { randomBytes } from 'node:crypto';
import mysql, { type Connection } from 'mysql2/promise';
import { startBackgroundSessions } from './background-sessions';
import { GroundTruth } from './ground-truth';
import { INCIDENTS } from './incidents';
import { playIncident } from './play-incident';
import type { Scenario, ScenarioHost, SourceCluster } from './scenario-host';
import { startApplication } from './start-application';
import { seedTradingDatabase, USERS, type TradingUser } from './trading-database';

export const HOST_PARAMETER = '/trading/db/host';

/**
 * A brokerage at work: cluster `trading` with its data, the application, other sessions, and an
 * incident whenever someone asks for one (`POST /_sandbox/incidents/<name>`).
 */
export async function startTradingScenario(host: ScenarioHost): Promise<Scenario> {
  const cluster = await host.createSourceCluster({ identifier: 'trading', instances: ['trading-1'] });
  const passwords = Object.fromEntries(
    USERS.map((user) => [user, randomBytes(12).toString('base64url')]),
  ) as Record<TradingUser, string>;
  await seed(cluster, passwords);
  await cluster.takeBaseBackup();
  host.putParameter(HOST_PARAMETER, cluster.host, 'database host that the trading application writes to');

  const connect = (user: TradingUser): Promise<Connection> =>
    mysql.createConnection({
      host: cluster.host,
      port: cluster.port,
      user,
      password: passwords[user],
      database: 'trading',
    });
  const stopSessions = startBackgroundSessions(connect);
  const application = startApplication({
    ...process.env,
    ...host.env,
    HOST_PARAMETER,
    DB_PORT: String(cluster.port),
    DB_USER: 'trading_app',
    DB_PASSWORD: passwords.trading_app,
  });
  const truth = new GroundTruth();
  host.route('GET', 'application', () => application.status());
  host.route('GET', 'truth', () => truth.toJSON());
  host.route('GET', 'incidents', () => ({
    incidents: Object.entries(INCIDENTS).map(([name, { title }]) => ({ name, title })),
  }));
  host.route('POST', 'incidents', async (name) => {
    const incident = INCIDENTS[name];
    if (incident === undefined) {
      throw new Error(`no incident '${name}'; there are: ${Object.keys(INCIDENTS).join(', ')}`);
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

async function seed(cluster: SourceCluster, passwords: Readonly<Record<TradingUser, string>>): Promise<void> {
  const connection = await mysql.createConnection({
    host: cluster.host,
    port: cluster.port,
    user: cluster.masterUsername,
    password: cluster.masterPassword,
  });
  try {
    await seedTradingDatabase(connection, passwords);
  } finally {
    await connection.end();
  }
}
