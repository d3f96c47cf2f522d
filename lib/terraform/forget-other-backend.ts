import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Backend } from './state-location';

const notesSchema = z.object({
  backend: z.object({ type: z.string(), config: z.record(z.string(), z.unknown()) }),
});

/**
 * Removes what `terraform init` noted in a synthesized stack's folder for another backend, such as
 * another drill's. Drills can share the folder, not the state: Terraform would else refuse the next
 * drill, and offer to migrate the first one's state into it. The states lie elsewhere and stay.
 */
export function forgetOtherBackend(stackDirectory: string, { type, config }: Backend): void {
  const notes = path.join(stackDirectory, '.terraform');
  const file = path.join(notes, 'terraform.tfstate');
  if (!existsSync(file)) return;
  const { backend: noted } = notesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const same =
    noted.type === type && Object.entries(config).every(([name, value]) => noted.config[name] === value);
  if (!same) rmSync(notes, { recursive: true });
}
