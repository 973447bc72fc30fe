// The rules of everything, and the suites of what has changed since the main branch: suites in the same library or app, and suites that were
// changed themselves. Takes a minute at most; `npm test` runs everything.
//
//   npm run test:quick [-- options of vitest]
import { spawnSync } from 'node:child_process';

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
const [base = 'HEAD'] = git('merge-base', 'HEAD', 'main');
const changed = [...git('diff', '--name-only', base), ...git('ls-files', '--others', '--exclude-standard')];

const rooms = changed.flatMap((file) => /^(?:apps|libs)\/[^/]+\//.exec(file)?.[0] ?? []);
const suites = changed.filter((file) => /\.(?:db-|e2e-)?spec\.ts$/.test(file));
const filters = [...new Set(['.spec.ts', ...rooms, ...suites])];
console.log(`Rules, and: ${filters.slice(1).join(', ') || 'nothing has changed'}`);
const vitest = ['--no-install', 'vitest', 'run', ...process.argv.slice(2), ...filters];
process.exitCode = spawnSync('npx', vitest, { stdio: 'inherit' }).status ?? 1;
