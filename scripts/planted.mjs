// Checks that the proofs catch bugs. Each patch in test/planted adds one bug to a copy of the committed code; this script builds the copy
// and runs the proof that the patch names, which must fail. A proof that fails without the bug, a patch that no longer
// applies, and a bug that breaks the build are separate errors: none of them counts as caught.
//
//   npm run planted                 all patches
//   npm run planted -- cursor ack   patches whose names contain one of the words
//
// The header of a patch names the bug and its proof:
//   Bug: one sentence
//   Proof: vitest <arguments>   or   Proof: chaos <arguments>
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'test/planted');
const PROOF_WITHIN_MS = 240_000;

/** @returns {{ code: number | null, said: string }} */
function run(cwd, command, args, timeout) {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout,
    maxBuffer: 1 << 27,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
  });
  return { code: done.status, said: `${done.stdout}${done.stderr}${done.error?.message ?? ''}` };
}

function must(cwd, what, command, ...args) {
  const { code, said } = run(cwd, command, args);
  if (code !== 0) throw new Error(`${what}\n${said.trim()}`);
  return said;
}

function readPatches(words) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.patch') && (words.length === 0 || words.some((word) => file.includes(word))))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [bug, proof] = ['Bug', 'Proof'].map((name) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1]);
      if (bug === undefined || proof === undefined) throw new Error(`${file} has no Bug: or Proof: line.`);
      return { name: basename(file, '.patch'), file: join(folder, file), bug, proof };
    });
}

/** The command of a proof, and the output that shows that it noticed the bug. Any other failure does not count as noticed. */
function proofOf(text) {
  const [kind, ...args] = text.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ''));
  if (kind === 'vitest') {
    return {
      command: ['npx', ['--no-install', 'vitest', 'run', ...args]],
      noticed: /^ +Tests +.*\d+ failed|books that are not in order/m,
    };
  }
  if (kind === 'chaos')
    return { command: ['node', ['scripts/chaos.mjs', ...args]], noticed: /^(lost|doubled|wrong): /m };
  throw new Error(`A proof must be vitest or chaos, not ${kind}.`);
}

class Copy {
  constructor() {
    this.dir = join(mkdtempSync(join(tmpdir(), 'starwall-planted-')), 'copy');
    must(root, 'Could not create the copy.', 'git', 'worktree', 'add', '--detach', '--quiet', this.dir, 'HEAD');
    symlinkSync(resolve(root, 'node_modules'), join(this.dir, 'node_modules'), 'dir');
  }

  build() {
    must(this.dir, 'The build failed.', process.execPath, 'scripts/build.mjs');
  }

  prove(proof) {
    const { command, noticed } = proofOf(proof);
    const { code, said } = run(this.dir, ...command, PROOF_WITHIN_MS);
    return { passed: code === 0, noticed: code !== 0 && noticed.test(said), said };
  }

  plant({ name, file }) {
    must(this.dir, `${name} no longer applies: recreate the patch.`, 'git', 'apply', '--recount', file);
  }

  clean() {
    must(this.dir, 'Could not clean the copy.', 'git', 'checkout', '--quiet', '--force', 'HEAD', '--', '.');
    must(
      this.dir,
      'Could not clean the copy.',
      'git',
      'clean',
      '--quiet',
      '-fd',
      '--exclude=node_modules',
      '--exclude=dist',
    );
  }

  remove() {
    run(root, 'git', ['worktree', 'remove', '--force', this.dir]);
    rmSync(join(this.dir, '..'), { recursive: true, force: true });
  }
}

/** The proofs to run before planting: whole files in one run, single tests in another. */
function withoutBugs(all) {
  const proofs = [...new Set(all.map((patch) => patch.proof))];
  const tests = proofs
    .filter((proof) => proof.startsWith('vitest '))
    .map((proof) => proof.slice('vitest '.length).split(' -t '));
  const whole = tests.filter((test) => test.length === 1).map(([file]) => file);
  const single = tests.filter((test) => test.length === 2);
  const names = single.map(([, name]) => name.replaceAll('"', '')).join('|');
  return [
    ...(whole.length === 0 ? [] : [`vitest ${whole.join(' ')}`]),
    ...(single.length === 0 ? [] : [`vitest ${single.map(([file]) => file).join(' ')} -t "${names}"`]),
    ...proofs.filter((proof) => !proof.startsWith('vitest ')),
  ];
}

const patches = readPatches(process.argv.slice(2));
if (patches.length === 0) {
  console.error('No patch matches.');
  process.exit(2);
}
const copy = new Copy();
const verdicts = [];
const note = (name, verdict, seconds, words) => {
  verdicts.push(verdict);
  console.log(`${verdict.padEnd(7)} ${seconds.padStart(4)} s  ${name.padEnd(34)} ${words}`);
};

// Child processes block the event loop, so signals are handled between them.
const heard = () => new Promise((resolve) => setImmediate(resolve));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    copy.remove();
    process.exit(130);
  });
}

try {
  copy.build();
  for (const proof of withoutBugs(patches)) {
    await heard();
    const { passed, said } = copy.prove(proof);
    if (!passed) throw new Error(`A proof fails without a bug: ${proof}\n${said.slice(-6_000)}`);
  }
  for (const patch of patches) {
    await heard();
    const began = performance.now();
    const seconds = () => Math.round((performance.now() - began) / 1_000).toString();
    try {
      copy.plant(patch);
      copy.build();
      const { passed, noticed, said } = copy.prove(patch.proof);
      note(patch.name, noticed ? 'caught' : passed ? 'MISSED' : 'BROKEN', seconds(), patch.bug);
      if (!noticed && !passed) console.error(said.slice(-2_000));
    } catch (error) {
      note(patch.name, 'BROKEN', seconds(), error.message);
    }
    copy.clean();
  }
} catch (error) {
  console.error(error.message);
  verdicts.push('BROKEN');
} finally {
  copy.remove();
}
const caught = verdicts.filter((verdict) => verdict === 'caught').length;
console.log(`${caught} of ${patches.length} planted bugs caught.`);
process.exitCode = caught === patches.length && verdicts.length === caught ? 0 : 1;
