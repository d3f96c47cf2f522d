import { parseJsonInput, renderJsonError, renderJsonResult } from '../../../sandbox/protocols/json';
import { AwsError } from '../../../sandbox/protocols/operation';

test('times are written as seconds since the epoch, at any depth', () => {
  const at = new Date(1_500);
  expect(renderJsonResult({ At: at, List: [{ At: at }], Gone: undefined })).toBe(
    '{"At":1.5,"List":[{"At":1.5}]}',
  );
});

test('an empty body is an empty input', () => {
  expect(parseJsonInput(Buffer.alloc(0))).toEqual({});
});

test('a body that is not JSON is a SerializationException', () => {
  expect(() => parseJsonInput(Buffer.from('{'))).toThrow(
    expect.objectContaining({ code: 'SerializationException' }) as Error,
  );
});

test('an error carries its code, its message and the further members of its shape', () => {
  expect(JSON.parse(renderJsonError(new AwsError('Code', 'why', 400, { queryCompileError: {} })))).toEqual({
    __type: 'Code',
    message: 'why',
    queryCompileError: {},
  });
});
