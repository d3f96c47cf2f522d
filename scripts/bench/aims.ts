/** What a benchmark measured of one program. */
export interface Figure {
  readonly bytesPerSecond: number;
  readonly peakBytes: number;
}

/** `times`: as many times as fast as another program, at the least; below 1 where that one is a limit to come near. */
export type Aim =
  | { readonly of: string; readonly times: number; readonly than: string }
  | { readonly of: string; readonly peakBytes: number };

/** Of `npm run resolve`, by the names of the contest's programs. */
export const AIMS: readonly Aim[] = [
  { of: 'resolve', times: 1 / 8, than: 'ripgrep -c -i delete' },
  { of: 'resolve', times: 4, than: "Python's csv" },
  { of: 'resolve of pgaudit', times: 10, than: 'pgBadger' },
  { of: 'resolve', times: 10, than: 'pt-query-digest' },
  { of: 'resolve', peakBytes: 200e6 },
];

/** A line for each aim that was measured: whether it is met, and how far the figures are from it. */
export function renderAims(aims: readonly Aim[], figures: ReadonlyMap<string, Figure>): string[] {
  return aims.flatMap((aim) => {
    const ours = figures.get(aim.of);
    if (ours === undefined) return [];
    if ('peakBytes' in aim) return [memoryLine(aim.of, ours.peakBytes, aim.peakBytes)];
    const other = figures.get(aim.than);
    return other === undefined ? [] : [speedLine(aim, ours.bytesPerSecond, other.bytesPerSecond)];
  });
}

function memoryLine(of: string, peak: number, most: number): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const difference = megabytes(Math.abs(most - peak));
  const verdict = peak < most ? `met with ${difference} to spare` : `missed by ${difference}`;
  return `aim ${verdict}: ${of} in less than ${megabytes(most)} of memory (${megabytes(peak)})`;
}

function speedLine(aim: { of: string; times: number; than: string }, ours: number, other: number): string {
  const rate = (bytesPerSecond: number): string => `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`;
  const least = other * aim.times;
  const wanted =
    aim.times >= 1
      ? `${aim.times} times as fast as ${aim.than}`
      : `within ${Math.round(1 / aim.times)} times of ${aim.than}`;
  const verdict = ours >= least ? 'met' : `missed by ${((1 - ours / least) * 100).toFixed(0)} %`;
  return `aim ${verdict}: ${aim.of} ${wanted}, ${rate(least)} (${rate(ours)})`;
}
