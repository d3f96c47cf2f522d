import { readFileSync } from 'node:fs';
import type { Outcome } from './errors';
import { parseSettings, SETTINGS_FILE, type Settings, type SettingsRefusal } from './settings';

/** The project's settings, out of `restore-drill.yaml` in the working directory; all defaults where there is none. */
export function readSettings(): Outcome<Settings, SettingsRefusal> {
  const text = readText();
  return text === undefined ? parseSettings('') : parseSettings(text);
}

function readText(): string | undefined {
  try {
    return readFileSync(SETTINGS_FILE, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
