// `npm run start:dev`: recompiles and restarts the whole product after every change. The product starts after the first
// compilation, and both end with this process.
import { spawn, spawnSync } from 'node:child_process';

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const onWindows = process.platform === 'win32';
const children = [];

/** Each child leads a process group, because the compiler's launcher does not pass signals on to the compiler. */
function run(args, stdio) {
  const child = spawn(process.execPath, args, { stdio, detached: !onWindows });
  child.once('exit', end);
  children.push(child);
  return child;
}

function end() {
  for (const child of children.splice(0)) {
    try {
      if (onWindows) child.kill();
      else process.kill(-child.pid, 'SIGTERM');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}
process.on('SIGINT', end).on('SIGTERM', end);

const compiler = run(
  ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['ignore', 'pipe', 'inherit'],
);
compiler.stdout.pipe(process.stdout);
compiler.stdout.setEncoding('utf8').on('data', function startOnce(text) {
  if (!text.includes('Watching for file changes')) return;
  compiler.stdout.off('data', startOnce);
  run(['--watch', '--watch-preserve-output', '--enable-source-maps', 'dist/apps/standalone/src/main.js'], 'inherit');
});
