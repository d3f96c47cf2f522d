import { setMaxListeners } from 'node:events';

export type Pause = (ms: number) => Promise<void>;

/** What goes on after a call was answered: states that change over time. Ends with the sandbox. */
export class Background {
  private readonly ending = new AbortController();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly onError: (what: string, error: unknown) => void) {
    // one for each wait, of which there may be many
    setMaxListeners(0, this.ending.signal);
  }

  /** `work` pauses by the function that it is given, so that the end of the sandbox cuts its waits short. */
  run(what: string, work: (pause: Pause) => Promise<void>): void {
    const { signal } = this.ending;
    const running = work((ms) => pause(ms, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.onError(what, error);
      })
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  async close(): Promise<void> {
    this.ending.abort(new Error('the sandbox ended'));
    await Promise.all(this.running);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
