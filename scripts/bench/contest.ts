import type { Task } from '../../lib/output';
import type { Figure } from './aims';
import { isThere, measure } from './measure';

interface Entrant {
  readonly name: string;
  readonly bytes: number;
  readonly program: string;
  readonly args: readonly string[];
  readonly check: (stdout: string) => void;
  readonly seconds: number[];
  peakBytes: number;
}

/** What takes longer than this runs once only: its time is no matter of luck. */
const LONG_SECONDS = 30;

/**
 * Runs programs in turns, round after round, and takes the best time of each: what else the machine
 * does meanwhile slows all of them, and the best round the least.
 */
export class Contest {
  private readonly entrants: Entrant[] = [];
  private readonly notes: string[] = [];

  has(program: string): boolean {
    return isThere(program);
  }

  /** `check` throws where the program's answer is wrong. */
  add(
    name: string,
    bytes: number,
    program: string,
    args: readonly string[],
    check: (stdout: string) => void = () => undefined,
  ): this {
    if (isThere(program)) {
      this.entrants.push({ name, bytes, program, args, check, seconds: [], peakBytes: 0 });
    } else this.notes.push(`${name.padEnd(22)} not installed: skipped`);
    return this;
  }

  async run(rounds: number, begin: (name: string) => Task): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      for (const entrant of this.entrants) {
        if (entrant.seconds.some((seconds) => seconds > LONG_SECONDS)) continue;
        const task = begin(`round ${round} of ${rounds}: ${entrant.name}`);
        const measured = await measure(entrant.program, entrant.args);
        task.stop();
        if (measured === null) throw new Error(`${entrant.name} failed`);
        entrant.check(measured.stdout);
        entrant.seconds.push(measured.seconds);
        entrant.peakBytes = Math.max(entrant.peakBytes, measured.peakBytes ?? 0);
      }
    }
  }

  /** A line for each program; `than` is the one that the others are compared with. */
  render(than: string): string[] {
    const ours = this.entrants.find(({ name }) => name === than);
    const lines = this.entrants.map((entrant) => {
      const compared = ours === undefined || entrant === ours ? '' : comparison(ours, entrant);
      return [
        entrant.name.padEnd(22),
        `${speedOf(entrant).toFixed(0).padStart(6)} MB/s`,
        `${Math.min(...entrant.seconds)
          .toFixed(2)
          .padStart(7)} s`,
        `${(entrant.peakBytes / 1e6).toFixed(0).padStart(5)} MB memory`,
        compared,
      ]
        .join('  ')
        .trimEnd();
    });
    return [...lines, ...this.notes];
  }

  /** By the names of the programs. */
  figures(): ReadonlyMap<string, Figure> {
    return new Map(
      this.entrants.map((entrant) => [
        entrant.name,
        { bytesPerSecond: speedOf(entrant) * 1e6, peakBytes: entrant.peakBytes },
      ]),
    );
  }
}

function speedOf({ bytes, seconds }: Entrant): number {
  return bytes / 1e6 / Math.min(...seconds);
}

/** Which of two is faster, and how many times. */
function comparison(ours: Entrant, other: Entrant): string {
  const ratio = speedOf(ours) / speedOf(other);
  const [winner, times] = ratio >= 1 ? [ours.name, ratio] : [other.name, 1 / ratio];
  return `${winner} is ${times.toFixed(1)} times as fast`;
}
