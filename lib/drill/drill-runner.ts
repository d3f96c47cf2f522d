import path from 'node:path';
import { drillDirectory } from '../artefact-files';
import type { Timeline } from '../artefacts/timeline';
import { messageOf } from '../errors';
import type { Output } from '../output';
import { formatDuration } from '../time';
import { runCommand } from './run-command';
import { TimelineRecorder } from './timeline-recorder';

export type Phase = Timeline['steps'][number]['phase'];

/** A step that went wrong, with all that a person needs to go on. */
export class StepFailed extends Error {
  constructor(
    readonly step: string,
    readonly command: string,
    readonly causeLines: readonly string[],
    readonly logFile: string | undefined,
  ) {
    super(`step '${step}' failed`);
    this.name = 'StepFailed';
  }
}

/** Runs the steps of one drill in order: shows, measures and logs each, and keeps the timeline. */
export class DrillRunner {
  private number = 0;
  private readonly timeline: TimelineRecorder;

  constructor(
    private readonly drill: string,
    private readonly total: number,
    private readonly output: Output,
    private readonly signal: AbortSignal,
  ) {
    this.timeline = new TimelineRecorder(drill, () => Date.now());
  }

  logFile(name: string): string {
    const ordinal = String(this.number).padStart(2, '0');
    return path.join(
      drillDirectory(this.drill),
      'logs',
      `${ordinal}-${name.replace(/[^a-z0-9]+/gi, '-')}.log`,
    );
  }

  observe(text: string): void {
    this.timeline.observe(text);
  }

  /**
   * Runs a command as a person would type it (words separated by single spaces). What it prints on
   * stdout is its result; `show` says whether the person sees it here or only in the log.
   * @throws StepFailed on another exit code than 0
   */
  async command(
    name: string,
    phase: Phase,
    command: string,
    env: NodeJS.ProcessEnv,
    show: 'result' | 'progress' = 'progress',
  ): Promise<string> {
    return this.step(name, phase, command, async (update, logFile) => {
      const words = command.split(' ') as [string, ...string[]];
      const { exitCode, stdout, lastLines } = await runCommand(words, {
        env,
        logFile,
        signal: this.signal,
        onLine: (line) => {
          if (/[a-z]{3}/i.test(line)) update(line.trim().slice(0, 100));
        },
      });
      if (exitCode !== 0)
        throw new StepFailed(name, command, [`exit code ${exitCode}`, ...lastLines], logFile);
      if (show === 'result') this.output.say(stdout.trimEnd().replace(/^/gm, '      '));
      return stdout;
    });
  }

  /** Runs a step that is no command of its own, such as waiting for the application. */
  async step<T>(
    name: string,
    phase: Phase,
    what: string,
    action: (update: (text: string) => void, logFile: string) => Promise<T>,
  ): Promise<T> {
    this.signal.throwIfAborted();
    this.number += 1;
    this.output.say(`\n${String(this.number).padStart(2)}/${this.total}  ${name}: ${what}`);
    const task = this.output.task(name);
    const record = this.timeline.begin(name, what, phase);
    try {
      const value = await action((text) => {
        task.update(text);
      }, this.logFile(name));
      task.stop();
      this.output.say(`      done in ${formatDuration(record.end('passed'))}`);
      return value;
    } catch (error) {
      task.stop();
      record.end(this.signal.aborted ? 'interrupted' : 'failed');
      if (this.signal.aborted || error instanceof StepFailed) throw error;
      throw new StepFailed(name, what, [messageOf(error)], undefined);
    }
  }
}
