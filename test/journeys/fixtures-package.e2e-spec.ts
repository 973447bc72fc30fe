import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'starwall-fixtures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (...args: string[]) => execFileSync(process.execPath, args, { encoding: 'utf8' });

describe('the fixtures package', () => {
  it('can be used outside this repository with plain Node and with TypeScript', () => {
    node('scripts/pack-fixtures.mjs', folder);
    const home = join(folder, 'stranger');
    const installed = join(home, 'node_modules', 'telegram-stars-fixtures');
    mkdirSync(installed, { recursive: true });
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
    expect(readdirSync(installed).sort()).toEqual(
      ['LICENSE', 'README.md', 'package.json', 'checks', 'index', 'types', 'updates']
        .flatMap((name) => (/[A-Z.]/.test(name) ? [name] : [`${name}.d.ts`, `${name}.js`]))
        .sort(),
    );

    const program = `
      import { type PaymentUpdate, person, Updates } from 'telegram-stars-fixtures';
      const updates = new Updates({ firstUpdateId: 7 });
      const paid: PaymentUpdate = updates.payment(person(42), { stars: 50, payload: 'order-1' });
      console.log(paid.update_id, paid.message.successful_payment.total_amount, updates.refund(paid).message.chat.id);
    `;
    writeFileSync(join(home, 'main.mts'), program);
    const compilerOptions = {
      strict: true,
      noEmitOnError: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom'],
    };
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.mts'] }));
    node(join('node_modules', 'typescript7', 'bin', 'tsc'), '-p', home);
    expect(node(join(home, 'main.mjs'))).toBe('7 50 42\n');
  });
});
