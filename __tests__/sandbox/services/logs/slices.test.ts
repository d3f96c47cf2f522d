import { inSlices } from '../../../../sandbox/services/logs/queries/slices';

const GIVE_UP_MS = 5000;

describe('work in slices', () => {
  it('lets others take a turn before it ends', async () => {
    const served: boolean[] = [];
    setImmediate(() => served.push(true));
    const until = performance.now() + GIVE_UP_MS;
    const servedMeanwhile = await inSlices(
      (function* () {
        while (served.length === 0 && performance.now() < until) yield;
        return served.length;
      })(),
    );
    expect(servedMeanwhile).toBe(1);
  });

  it('throws what the work throws', async () => {
    await expect(
      inSlices(
        (function* (): Generator<void, number> {
          yield;
          throw new Error('broken');
        })(),
      ),
    ).rejects.toThrow('broken');
  });
});
