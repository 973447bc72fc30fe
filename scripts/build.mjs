// Compiles apps, libs and migrations into dist/, copies what is not TypeScript (the simulator's chat page), and removes what has no
// source any more: a migration that was renamed would otherwise still be run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';

const compiled = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const folder of ['apps', 'libs', 'migrations']) {
  if (!existsSync(`dist/${folder}`)) continue;
  for (const file of readdirSync(`dist/${folder}`, { recursive: true, encoding: 'utf8' })) {
    const source = `${folder}/${file.replaceAll('\\', '/')}`.replace(/\.js(\.map)?$/, '.ts');
    if (source.endsWith('.ts') && !existsSync(source)) rmSync(`dist/${folder}/${file}`, { force: true });
  }
}

for (const folder of ['apps/simulator/src/page']) {
  rmSync(`dist/${folder}`, { recursive: true, force: true });
  if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true });
}
