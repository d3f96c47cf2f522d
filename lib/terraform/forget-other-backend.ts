import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const backendSchema = z.object({ backend: z.object({ config: z.object({ path: z.string().nullable() }) }) });

/**
 * Removes what `terraform init` noted in a synthesized stack's folder for another drill's state.
 * Drills share the folder, not the state: Terraform would else refuse the next drill, and offer to
 * migrate the first one's state into it. The states themselves lie elsewhere and stay.
 */
export function forgetOtherBackend(stackDirectory: string, statePath: string): void {
  const notes = path.join(stackDirectory, '.terraform');
  const noted = path.join(notes, 'terraform.tfstate');
  if (!existsSync(noted)) return;
  const { backend } = backendSchema.parse(JSON.parse(readFileSync(noted, 'utf8')));
  if (backend.config.path !== statePath) rmSync(notes, { recursive: true });
}
