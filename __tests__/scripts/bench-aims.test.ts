import { renderAims, type Aim } from '../../scripts/bench/aims';

const aims: readonly Aim[] = [
  { of: 'ours', times: 1 / 8, than: 'limit' },
  { of: 'ours', times: 4, than: 'other' },
  { of: 'ours', times: 10, than: 'absent' },
  { of: 'ours', peakBytes: 200e6 },
];
const figuresOf = (ours: number, peakBytes: number) =>
  new Map([
    ['ours', { bytesPerSecond: ours, peakBytes }],
    ['limit', { bytesPerSecond: 5600e6, peakBytes: 0 }],
    ['other', { bytesPerSecond: 150e6, peakBytes: 0 }],
  ]);

test('the benchmark tells which aims are met, and how far the others are', () => {
  expect(renderAims(aims, figuresOf(650e6, 184e6))).toEqual([
    'aim missed by 7 %: ours within 8 times of limit, 700 MB/s (650 MB/s)',
    'aim met: ours 4 times as fast as other, 600 MB/s (650 MB/s)',
    'aim met with 16 MB to spare: ours in less than 200 MB of memory (184 MB)',
  ]);
  expect(renderAims(aims, figuresOf(700e6, 219e6)).filter((line) => !line.startsWith('aim met'))).toEqual([
    'aim missed by 19 MB: ours in less than 200 MB of memory (219 MB)',
  ]);
});
