import { writeArtefact } from '../artefact-files';
import type { Timeline } from '../artefacts/timeline';
import { formatInstant, microsFromMillis } from '../time';

type Step = Timeline['steps'][number];

/** Keeps `drills/<id>/timeline.json` true at every moment, so that a drill that is killed can still be reported. */
export class TimelineRecorder {
  private readonly steps: Step[] = [];
  private readonly observations: Timeline['observations'] = [];
  private readonly startedAt: string;

  constructor(
    private readonly drill: string,
    private readonly nowMs: () => number,
  ) {
    this.startedAt = this.now();
    this.write();
  }

  begin(
    name: string,
    command: string,
    phase: Step['phase'],
  ): { end: (result: 'passed' | 'failed' | 'interrupted') => number } {
    const startedMs = this.nowMs();
    const step: Step = { name, command, startedAt: this.now(), endedAt: null, result: 'running', phase };
    this.steps.push(step);
    this.write();
    return {
      end: (result) => {
        step.endedAt = this.now();
        step.result = result;
        this.write();
        return this.nowMs() - startedMs;
      },
    };
  }

  observe(text: string): void {
    this.observations.push({ at: this.now(), text });
    this.write();
  }

  private now(): string {
    return formatInstant(microsFromMillis(this.nowMs()));
  }

  private write(): void {
    writeArtefact(this.drill, 'timeline', {
      drill: this.drill,
      madeAt: this.now(),
      startedAt: this.startedAt,
      steps: this.steps,
      observations: this.observations,
    });
  }
}
