// Installs the tests' requirements outside npm (Redis, Chromium, PostgreSQL's clients, PgBouncer, Prometheus and curl) with the system's package manager. If that fails, it
// exits with 1 and names the missing programs. Does nothing when all are present.
//
//   npm run setup:tests
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CHROMIUM } from './chromium.mjs';

const NEEDED = [
  { what: 'Redis', commands: ['redis-server'], apt: 'redis-server', dnf: 'redis', brew: 'redis' },
  // Without a window it needs a third less CPU time than the whole browser.
  {
    what: 'Chromium',
    commands: CHROMIUM,
    apt: 'chromium-headless-shell',
    dnf: 'chromium',
    brew: 'chromium',
  },
  // Backups and restores, and a pooler.
  { what: 'PostgreSQL', commands: ['pg_dump'], apt: 'postgresql', dnf: 'postgresql-server', brew: 'postgresql@17' },
  {
    what: 'PgBouncer',
    commands: ['pgbouncer', '/usr/sbin/pgbouncer'],
    apt: 'pgbouncer',
    dnf: 'pgbouncer',
    brew: 'pgbouncer',
  },
  {
    what: 'Prometheus',
    commands: ['promtool'],
    apt: 'prometheus',
    dnf: 'golang-github-prometheus',
    brew: 'prometheus',
  },
  // Used by the shell blocks of the README and the pages in docs, which a test runs.
  { what: 'curl', commands: ['curl'], apt: 'curl', dnf: 'curl', brew: 'curl' },
];

/** The supported package managers, in order of preference. */
const MANAGERS = [
  {
    name: 'apt',
    command: 'apt-get',
    asRoot: true,
    steps: (packages) => [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    ],
  },
  { name: 'dnf', command: 'dnf', asRoot: true, steps: (packages) => [['install', '-y', '-q', ...packages]] },
  { name: 'brew', command: 'brew', asRoot: false, steps: (packages) => [['install', ...packages]] },
];

function onPath(command) {
  const folders = command.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missing = () => NEEDED.filter(({ commands }) => !commands.some(onPath));

function install(packages, { command, asRoot, steps }) {
  const isRoot = process.getuid?.() === 0;
  const [program, before] = !asRoot || isRoot ? [command, []] : ['sudo', ['-n', command]];
  for (const step of steps(packages)) {
    console.log(`${[program, ...before, ...step].join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if (spawnSync(program, [...before, ...step], { stdio: ['ignore', 'ignore', 'inherit'], env }).status !== 0) return;
  }
}

const wanted = missing();
const manager = MANAGERS.find(({ command }) => onPath(command));
if (wanted.length > 0 && manager !== undefined)
  install(
    wanted.map((one) => one[manager.name]),
    manager,
  );

const left = missing();
if (left.length === 0) {
  console.log(`${NEEDED.map(({ what }) => what).join(', ')} are installed.`);
} else {
  for (const { what, commands, apt } of left) {
    console.error(`${what} is missing: no ${commands.join(' or ')} on the PATH. On Debian: apt-get install ${apt}`);
  }
  process.exitCode = 1;
}
