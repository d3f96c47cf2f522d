import { rmSync } from 'node:fs';
import { Testing, type App, type TerraformStack } from 'cdktf';

/** One stack's configuration as JSON text; leaves no folder behind, as `Testing.app` alone would. */
export function synthesize(declare: (app: App) => TerraformStack): string {
  const app = Testing.app();
  try {
    return Testing.synth(declare(app));
  } finally {
    rmSync(app.outdir, { recursive: true, force: true });
  }
}
