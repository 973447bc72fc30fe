import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** The user that runs PostgreSQL when this process is root, because PostgreSQL refuses to run as root. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/** The folder in which root stores files that the user `postgres` must reach and that must survive a restart. */
export const SYSTEM_PLACE = '/var/lib/starwall';

const idOf = (what: '-u' | '-g') => {
  const { status, stdout } = spawnSync('id', [what, 'postgres'], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
};

function postgresUser(): OsUser | undefined {
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/**
 * @param data the data directory, which may not exist yet; if it does, its owner runs PostgreSQL
 * @returns undefined when this process is not root, and so runs PostgreSQL itself
 */
export function whoRuns(data: string): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = postgresUser();
  if (known !== undefined) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = postgresUser();
  if (made !== undefined) return made;
  throw new Error(
    'PostgreSQL does not run as root, and the system user "postgres" could not be created. Start Starwall as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** True when `user` can enter `folder` and all its parents. */
export function canReach(user: OsUser | undefined, folder: string): boolean {
  if (user === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}
