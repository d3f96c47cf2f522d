import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EngineUser } from '../engine-user';
import type { Provision } from '../provision';
import { findInstalled, findUnpacked, type MariaDbInstallation } from './installation';

/** Of 170 MB these are needed; the rest are client programs of 5 MB each. */
const NEEDED_PROGRAMS = ['mariadb', 'mariadb-binlog', 'mariadb-install-db', 'my_print_defaults', 'resolveip'];

export function mariaDbProvision(user: EngineUser): Provision<MariaDbInstallation> {
  return {
    name: 'MariaDB',
    packages: ['mariadb-server-core', 'mariadb-server', 'mariadb-client-core', 'mariadb-client'],
    findInstalled: () => findInstalled(user),
    findUnpacked: (root) => findUnpacked(root, user),
    prune: async (root) => {
      const folder = path.join(root, 'usr/bin');
      const others = (await readdir(folder)).filter((name) => !NEEDED_PROGRAMS.includes(name));
      await Promise.all(others.map((name) => rm(path.join(folder, name))));
    },
  };
}
