import { MicrosClock } from '../../../../sandbox/engines/mariadb/micros-clock';

describe('MicrosClock', () => {
  let system = 0;
  let monotonic = 0;
  beforeEach(() => {
    system = 1_700_000_000_000;
    monotonic = 12_345;
  });
  const pass = (micros: number): void => {
    system += micros / 1000;
    monotonic += micros;
  };
  const clock = (): MicrosClock =>
    new MicrosClock(
      () => Math.floor(system),
      () => monotonic,
    );

  it('tells microseconds within the millisecond that the system tells', () => {
    const subject = clock();
    const first = subject.now();
    pass(137);
    expect(subject.now() - first).toBe(137);
    pass(5_000_000);
    expect(subject.now() - first).toBe(5_000_137);
  });

  it('follows the system when its clock is set forward or the machine has slept', () => {
    const subject = clock();
    subject.now();
    system += 3_600_000;
    expect(Math.floor(subject.now() / 1000)).toBe(system);
  });

  it('never runs backwards, and gives no reading twice', () => {
    const subject = clock();
    const first = subject.now();
    system -= 3_600_000;
    const second = subject.now();
    const third = subject.now();
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });
});
