// Compiles apps, libs and migrations into dist/, and copies what is not TypeScript (the simulator's chat page).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';

const compiled = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const folder of ['apps/simulator/src/page']) {
  if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true });
}
