// Builds the package of libs/fixtures: `npm run pack:fixtures [folder]` writes a .tgz for `npm publish` (default: dist/packages).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

const target = resolve(process.argv[2] ?? 'dist/packages');
const staged = `${target}/fixtures`;

function run(command, args, cwd = '.') {
  const done = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

rmSync(staged, { recursive: true, force: true });
mkdirSync(staged, { recursive: true });
run(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', 'libs/fixtures', '--outDir', staged]);
for (const file of ['package.json', 'README.md']) cpSync(`libs/fixtures/${file}`, `${staged}/${file}`);
cpSync('LICENSE', `${staged}/LICENSE`);
run('npm', ['pack', '--silent', '--pack-destination', target], staged);
