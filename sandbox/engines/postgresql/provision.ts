import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { EngineUser } from '../engine-user';
import type { Provision } from '../provision';
import { findInstalled, findUnpacked, type PostgresInstallation } from './installation';

/** The major version that each release of Debian and Ubuntu has. */
const MAJORS: Readonly<Record<string, number>> = { bookworm: 15, noble: 16, trixie: 17 };

/** Compiles queries to machine code, which is off; it needs 100 MB of LLVM and has no part in anything else. */
const COMPILER = ['bitcode', 'llvmjit.so', 'llvmjit_types.bc'];

export function postgresProvision(user: EngineUser): Provision<PostgresInstallation> {
  const major = MAJORS[releaseName()] ?? 15;
  return {
    name: 'PostgreSQL',
    packages: [`postgresql-${major}`, `postgresql-${major}-pgaudit`],
    findInstalled: () => findInstalled(user),
    findUnpacked: (root) => findUnpacked(root, user),
    prune: async (root) => {
      const modules = path.join(root, `usr/lib/postgresql/${major}/lib`);
      await Promise.all(
        COMPILER.map((name) => rm(path.join(modules, name), { recursive: true, force: true })),
      );
    },
  };
}

function releaseName(): string {
  return /^VERSION_CODENAME="?(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
}
