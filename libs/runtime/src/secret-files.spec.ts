import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';
import { withSecretFiles } from './secret-files.js';

const folder = mkdtempSync(join(tmpdir(), 'starwall-secrets-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a secret is read from its file without the final line break', () => {
  const env = {
    DATABASE_URL_FILE: file('url', 'postgres://starwall:hidden@db/starwall\n'),
    REDIS_URL_FILE: '',
    STARWALL_MASTER_KEY: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  };
  expect(readConfig(env).databaseUrl).toBe('postgres://starwall:hidden@db/starwall');
  expect(withSecretFiles(env)).not.toHaveProperty('REDIS_URL');
});

it.each([
  ['is missing', { DATABASE_URL_FILE: '/nowhere/url' }, /^DATABASE_URL_FILE: .*cannot be read \(ENOENT\)/],
  ['is empty', { SMTP_URL_FILE: file('empty', '\n') }, /^SMTP_URL_FILE: .* is empty/],
  ['is given twice', { REDIS_URL: 'redis://one', REDIS_URL_FILE: file('two', 'redis://two') }, /only one of them/],
])('a secret file that %s causes an error without the secret', (_how, env, words) => {
  expect(() => withSecretFiles(env)).toThrow(words);
  expect(() => withSecretFiles(env)).not.toThrow(/redis:\/\//);
});
