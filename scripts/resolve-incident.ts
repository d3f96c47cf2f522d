import { setTimeout as sleep } from 'node:timers/promises';
import { checkWritable, findDrill, writeArtefact, writeWhole } from '../lib/artefact-files';
import { ARTEFACTS } from '../lib/artefacts/artefact';
import type { Incident } from '../lib/artefacts/incident';
import { openLogSource } from '../lib/audit/open-log-source';
import { interrupted, output, runScript } from '../lib/cli';
import { EXIT, messageOf, valueOf, type ExitCode } from '../lib/errors';
import { renderExport, type LostWrite } from '../lib/incident/render-export';
import { renderIncident, renderRefusedCandidates } from '../lib/incident/render-incident';
import { resolveIncident } from '../lib/incident/resolve-incident';
import { resolveOptionsSchema, type ResolveCommand } from '../lib/incident/resolve-options';
import type { ResolveRefusal } from '../lib/incident/refusals';
import { checkNothingRestored, fetchApplied } from '../lib/terraform/applied';
import { formatInstant, microsFromMillis } from '../lib/time';
import type { Task } from '../lib/output';
import { approveWith, ScanMeter } from './resolve/approve';
import { resolveCommand } from './resolve/command';

const ASK_AGAIN_MS = 2000;

void runScript(resolveCommand(), resolveOptionsSchema(microsFromMillis(Date.now())), async (options) => {
  const drill = options.drill === undefined ? null : valueOf(findDrill(options.drill));
  if (drill !== null) valueOf(checkNothingRestored(drill, await fetchApplied(drill)));
  if (options.export !== undefined) valueOf(checkWritable(options.export));
  const begin = (): Task => output.task(`resolving the incident of ${options.cluster}`);
  let task = begin();
  const meter = new ScanMeter();
  const lost: LostWrite[] = [];
  try {
    const source = await openLogSource({
      ...options,
      signal: interrupted,
      now: Date.now,
      scanned: (bytes) => {
        meter.add(bytes);
      },
      approve: approveWith(options.yes, () => {
        task.stop();
        return () => {
          task = begin();
        };
      }),
    });
    if (!source.ok) return reportRefusal(options, { ...source.refusal, candidates: [] });
    const outcome = await resolveIncident(source.value, options, {
      tell: (progress) => {
        task.update(progress);
      },
      exportWrite: options.export === undefined ? undefined : (write) => void lost.push(write),
      pause: () => sleep(ASK_AGAIN_MS, undefined, { signal: interrupted }),
    });
    task.stop();
    const scanned = meter.summary();
    if (scanned !== null) output.say(scanned);
    if (!outcome.ok) return reportRefusal(options, outcome.refusal);
    const exitCode = report(options, drill, outcome.value);
    const isExported = exportLost(options, outcome.value.restoreTo, lost);
    return isExported ? exitCode : EXIT.failure;
  } finally {
    task.stop();
  }
});

/** A failure costs the export, not the answer. */
function exportLost(
  { export: file, cluster }: ResolveCommand,
  restoreTo: string,
  lost: readonly LostWrite[],
): boolean {
  if (file === undefined) return true;
  try {
    writeWhole(file, renderExport(cluster, restoreTo, lost));
  } catch (error) {
    output.say(`failed: the lost writes could not be written to ${file}: ${messageOf(error)}`);
    output.say('  next: the answer stands; resolve again with --export to another place');
    return false;
  }
  output.say(`wrote ${lost.length} lost writes to ${file}, with their values`);
  return true;
}

function report(
  { json }: ResolveCommand,
  drill: string | null,
  resolved: Omit<Incident, 'schemaVersion' | 'madeAt'>,
): ExitCode {
  const body = { madeAt: formatInstant(microsFromMillis(Date.now())), ...resolved };
  output.result(
    json
      ? JSON.stringify({ schemaVersion: ARTEFACTS.incident.version, ...body }, null, 2)
      : renderIncident(resolved),
  );
  if (drill !== null) {
    const { path } = writeArtefact(drill, 'incident', body);
    output.say(`wrote ${path}`);
    output.say(`next: npm run plan -- --drill ${drill}`);
  }
  return EXIT.ok;
}

function reportRefusal({ json }: ResolveCommand, refusal: ResolveRefusal): ExitCode {
  if (json) output.result(JSON.stringify({ refused: refusal }, null, 2));
  else if (refusal.candidates.length > 0) output.result(renderRefusedCandidates(refusal.candidates));
  output.refusal(refusal);
  return refusal.reason === 'nothing-found' || refusal.reason === 'no-records'
    ? EXIT.nothingFound
    : EXIT.refused;
}
