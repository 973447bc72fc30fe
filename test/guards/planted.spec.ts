import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Listed {
  readonly file: string;
  readonly bug: string;
  readonly was: string;
  readonly becomes: string;
  readonly proof: string;
}

const files = readdirSync('test/planted');
const patches = files.filter((file) => file.endsWith('.patch'));
const lists = files.filter((file) => file.endsWith('.mjs'));
const listed: Listed[] = [];
for (const list of lists) {
  const { default: bugs } = (await import(resolve('test/planted', list))) as { readonly default: readonly Listed[] };
  listed.push(...bugs);
}
const suites = execFileSync('git', ['ls-files', '*spec.ts'], { encoding: 'utf8' }).split('\n');

const proofs = [
  ...patches.flatMap((file) => readFileSync(`test/planted/${file}`, 'utf8').match(/^Proof: .*$/m) ?? []),
  ...listed.map(({ proof }) => proof),
];

/** Returns Git's error for a patch; empty when it applies. */
function objections(...args: string[]): string {
  try {
    execFileSync('git', ['apply', '--check', '--recount', ...args], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr);
  }
}

describe('a bug planted by `npm run mutants`', () => {
  it.each(patches)('applies to the current code: %s', (file) => {
    expect(objections(`test/planted/${file}`)).toBe('');
  });

  it.each(listed.map((each) => [each.bug, each] as const))('%s', (_bug, { file, was, becomes, proof }) => {
    expect(readFileSync(file, 'utf8').split(was)).toHaveLength(2);
    expect(becomes).not.toBe(was);
    for (const path of proof.replaceAll(/ -t "[^"]*"/g, '').split(' ')) {
      expect(suites.some((suite) => suite.includes(path))).toBe(true);
    }
  });

  it.each(proofs.filter((proof) => proof.includes(' -t ')))('is noticed by a test with this title: %s', (proof) => {
    const [, path = '', title = ''] = /^(?:Proof: vitest )?(\S+) -t "(.*)"$/.exec(proof) ?? [];
    const texts = suites.filter((suite) => suite.includes(path)).map((suite) => readFileSync(suite, 'utf8'));
    expect(texts.some((text) => text.includes(title))).toBe(true);
  });

  it('is reported when it does not apply', () => {
    expect(patches.length).toBeGreaterThan(15);
    expect(listed.length).toBeGreaterThan(35);
    expect(objections('--reverse', `test/planted/${patches[0]}`)).toContain('patch does not apply');
  });
});
