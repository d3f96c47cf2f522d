import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CASES, readCase, resolveCase } from '../../cases/run-case';

describe('every case', () => {
  it.each(
    readdirSync(CASES, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  )('%s', async (name) => {
    const { args, expected, logFiles } = readCase(path.join(CASES, name));
    const answer = await resolveCase([
      '--source',
      'file',
      ...logFiles.flatMap((file) => ['--log-file', file]),
      ...args,
    ]);
    expect(answer).toMatchObject(expected);
  });
});
