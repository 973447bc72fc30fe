import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program and kills it, with all its child processes, when its time is up. */
export function run(cwd, command, args, { timeout = 600_000, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      detached: true,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), timeout);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    child.on('error', (error) => (said += error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, said });
    });
  });
}

async function must(cwd, what, command, ...args) {
  const { code, said } = await run(cwd, command, args);
  if (code !== 0) throw new Error(`${what}\n${said.trim()}`);
}

/** A copy of the committed sources, in which bugs are planted and proofs are run. */
export class Copy {
  constructor() {
    this.dir = join(mkdtempSync(join(tmpdir(), 'starwall-mutants-')), 'copy');
  }

  async make() {
    await must(root, 'No copy could be made.', 'git', 'worktree', 'add', '--detach', '--quiet', this.dir, 'HEAD');
    symlinkSync(resolve(root, 'node_modules'), join(this.dir, 'node_modules'), 'dir');
    await this.build();
  }

  build() {
    return must(this.dir, 'It cannot be built.', process.execPath, 'scripts/build.mjs');
  }

  patch(file) {
    return must(this.dir, `${file} no longer applies: update the patch.`, 'git', 'apply', '--recount', file);
  }

  read(file) {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  write(file, text) {
    writeFileSync(join(this.dir, file), text);
  }

  async clean() {
    const kept = ['--exclude=node_modules', '--exclude=dist'];
    await must(this.dir, 'The copy cannot be cleaned.', 'git', 'checkout', '--quiet', '--force', 'HEAD', '--', '.');
    await must(this.dir, 'The copy cannot be cleaned.', 'git', 'clean', '--quiet', '-fd', ...kept);
  }

  remove() {
    spawnSync('git', ['worktree', 'remove', '--force', this.dir], { cwd: root });
    rmSync(join(this.dir, '..'), { recursive: true, force: true });
  }
}
