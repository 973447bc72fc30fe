// Runs all unit tests, and the suites affected by changes since the main branch: those in a changed library or app, and those that
// changed themselves. Takes about a minute; `npm test` runs everything.
//
//   npm run test:quick [-- vitest options]
import { spawnSync } from 'node:child_process';

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
const [base = 'HEAD'] = git('merge-base', 'HEAD', 'main');
const changed = [...git('diff', '--name-only', base), ...git('ls-files', '--others', '--exclude-standard')];

const rooms = changed.flatMap((file) => /^(?:apps|libs)\/[^/]+\//.exec(file)?.[0] ?? []);
const suites = changed.filter((file) => /\.(?:db-|e2e-)?spec\.ts$/.test(file));
const filters = [...new Set(['.spec.ts', ...rooms, ...suites])];
console.log(`Unit tests, and: ${filters.slice(1).join(', ') || 'nothing, because nothing has changed'}`);
const vitest = ['--no-install', 'vitest', 'run', ...process.argv.slice(2), ...filters];
process.exitCode = spawnSync('npx', vitest, { stdio: 'inherit' }).status ?? 1;
