import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import { interrupted, output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { judgeArrival } from '../lib/cutover/judge-arrival';
import { EXIT, valueOf } from '../lib/errors';
import { formatDuration, formatInstant, microsFromMillis, parseDurationMs, parseInstant } from '../lib/time';
import { Sides } from './repoint/sides';
import { measureWrites, renderArrival } from './repoint/measure-writes';
import { readLastMove } from './repoint/last-move';

const command = scriptCommand(
  'arrival',
  `Waits until the application is where the last repoint or swap leads it: until no resolver may remember where it was, and its sessions are on that cluster and none on the other. Measures what the move cost, by the clocks in the data.

Environment:
  DRILL_DB_USER, DRILL_DB_PASSWORD  a user that may see the sessions of others (PROCESS)`,
  ['--drill spring --user shop_app --timeout 10m', '--drill spring --clock shop.orders.placed_at'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--timeout <duration>', 'how long to wait', '10m')
  .option('--user <name...>', 'the database users by which the application connects (default: any)')
  .option(
    '--clock <db.table.column...>',
    'columns that tell when the application wrote (default: all that do)',
  )
  .option('--json', 'print the arrival as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  timeout: parsedBy(parseDurationMs),
  user: z.array(z.string().min(1)).default([]),
  clock: z
    .array(z.string().regex(/^[^.]+[.][^.]+[.][^.]+$/, 'a name like shop.orders.placed_at'))
    .default([]),
  json: z.boolean().default(false),
});
const LOOK_EVERY_MS = 500;

void runScript(command, options, async ({ timeout, user, clock, json, ...asked }) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const restorePlan = valueOf(readArtefact(drill, 'restorePlan')).value;
  const now = (): string => formatInstant(microsFromMillis(Date.now()));
  const move = readLastMove(drill, restorePlan, now());
  const knownFromMs = valueOf(parseInstant(move.since)) / 1000 + move.ttlSeconds * 1000;
  const deadlineMs = Date.now() + timeout;

  // by names that changed hands this step must not get to the other cluster either
  if (move.by === 'swap')
    await sleep(Math.min(timeout, Math.max(0, knownFromMs - Date.now())), undefined, { signal: interrupted });
  const sides = await Sides.open(drill, restorePlan, move.direction, process.env);
  const task = output.task('waiting for the application');
  try {
    for (;;) {
      const seen = await sides.sessions();
      const ttlLeftMs = Math.max(0, knownFromMs - Date.now());
      const judged = judgeArrival({ ...seen, ttlLeftMs }, user);
      const arrived = judged.waitingFor.length === 0;
      if (!arrived && Date.now() < deadlineMs) {
        task.update(`waiting for ${judged.waitingFor.join('; ')}`);
        await sleep(LOOK_EVERY_MS, undefined, { signal: interrupted });
        continue;
      }
      task.stop();
      const at = now();
      const { value, path } = writeArtefact(drill, 'arrival', {
        drill,
        madeAt: at,
        madeFrom: move.madeFrom,
        by: move.by,
        direction: move.direction,
        verdict: arrived ? 'arrived' : 'not-arrived',
        since: move.since,
        arrivedAt: arrived ? at : null,
        ttlSeconds: move.ttlSeconds,
        sessions: { left: judged.left, reached: judged.reached },
        writes: await measureWrites(sides, restorePlan, move, clock),
      });
      output.result(json ? JSON.stringify(value, null, 2) : renderArrival(value));
      output.say(`\nwrote ${path}`);
      if (arrived) return EXIT.ok;
      output.refusal({
        reason: 'not-arrived',
        message: `the application has not arrived within ${formatDuration(timeout)}: waiting for ${judged.waitingFor.join('; ')}`,
        hint: `restart what keeps its old connections, then run the same command again; the way back: npm run undo -- --drill ${drill}`,
      });
      return EXIT.refused;
    }
  } finally {
    task.stop();
    await sides.close();
  }
});
