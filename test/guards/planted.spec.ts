import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const patches = readdirSync('test/planted').filter((file) => file.endsWith('.patch'));

/** What git says against it; empty when it applies. */
function objections(...args: string[]): string {
  try {
    execFileSync('git', ['apply', '--check', '--recount', ...args], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr);
  }
}

describe('the bugs that `npm run planted` plants', () => {
  it.each(patches)('%s applies to the code as it is', (file) => {
    expect(objections(`test/planted/${file}`)).toBe('');
  });

  it('would be missed here if they did not', () => {
    expect(patches.length).toBeGreaterThan(15);
    expect(objections('--reverse', `test/planted/${patches[0]}`)).toContain('patch does not apply');
  });
});
