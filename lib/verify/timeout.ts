import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { parseDurationMs, type TimeRefusal } from '../time';

const MOST_MS = 24 * 3600 * 1000;

/** How long a statement may run: servers take 0 for "for ever", and know no more than some days. */
export function parseTimeoutMs(text: string): Outcome<number, TimeRefusal | Refusal<'no-timeout'>> {
  const parsed = parseDurationMs(text);
  if (!parsed.ok) return parsed;
  const ms = Math.ceil(parsed.value);
  if (ms > 0 && ms <= MOST_MS) return accept(ms);
  return refuse({
    reason: 'no-timeout',
    message: `a timeout of ${text} is not between 1ms and 24h`,
    hint: 'say how long a statement may run at most, such as 30s, 5m or 2h',
  });
}
