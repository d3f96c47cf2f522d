import { renderOutputs } from '../../../lib/terraform/render-outputs';

test('each value of the outputs gets a line, named by where it lies', () => {
  const restored = { trading: { endpoint: 'trading-d.example.com', port: 3306 } };
  expect(renderOutputs({ restored, targets: ['/a', '/b'] })).toBe(
    [
      'restored.trading.endpoint  trading-d.example.com',
      'restored.trading.port      3306',
      'targets                    /a, /b',
    ].join('\n'),
  );
  expect(renderOutputs({})).toBe('');
});
