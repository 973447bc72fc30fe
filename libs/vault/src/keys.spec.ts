import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MasterKeyConfig } from '#libs/runtime';
import { startKms, type TestKms } from '../../../test/support/kms-server.js';
import { readMasterKeys } from './key-reader.js';
import { KmsClient } from './kms.client.js';
import { MasterKeys } from './master-keys.js';

const text = () => randomBytes(32).toString('base64');
const config = (changes: Partial<MasterKeyConfig>): MasterKeyConfig => ({
  keys: [],
  file: undefined,
  kms: undefined,
  ...changes,
});

describe('master keys', () => {
  it('wrap with the current one and unwrap with all', () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    const wrapped = new MasterKeys(old).wrap(Buffer.alloc(32, 5), 'k1', 'a tenant');
    const rotated = new MasterKeys(fresh, old);
    expect(rotated.unwrap(wrapped, 'a tenant')).toEqual(Buffer.alloc(32, 5));
    expect(rotated.wrap(Buffer.alloc(32, 5), 'k1', 'a tenant').masterKeyId).toBe(rotated.currentId);
    expect(() => new MasterKeys(fresh).unwrap(wrapped, 'a tenant')).toThrow('STARWALL_MASTER_KEY_PREVIOUS');
  });

  it('unwrap a data key only for its owner, under its id, unchanged', () => {
    const keys = new MasterKeys(randomBytes(32));
    const wrapped = keys.wrap(randomBytes(32), 'k1', 'a tenant');
    expect(wrapped.wrapped).toHaveLength(60);
    expect(() => keys.unwrap(wrapped, 'another')).toThrow('does not unwrap');
    expect(() => keys.unwrap({ ...wrapped, id: 'k2' }, 'a tenant')).toThrow('does not unwrap');
    for (let i = 0; i < wrapped.wrapped.length; i += 1) {
      const flipped = Buffer.from(wrapped.wrapped);
      flipped.writeUInt8(flipped.readUInt8(i) ^ 1, i);
      expect(() => keys.unwrap({ ...wrapped, wrapped: flipped }, 'a tenant')).toThrow('does not unwrap');
    }
  });
});

describe('a file of master keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'starwall-keys-'));
  const file = join(folder, 'master.keys');
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (content: string, mode = 0o600) => {
    writeFileSync(file, content);
    chmodSync(file, mode);
  };

  it('has one key per line, the current one first', async () => {
    const [one, two] = [text(), text()];
    write(`# since May\n${one}\n\n  ${two}\n`);
    const keys = await readMasterKeys(config({ file }));
    expect(keys.ids).toEqual((await readMasterKeys(config({ keys: [one, two] }))).ids);
    expect(keys.currentId).toBe(keys.ids[0]);
  });

  it.each([0o640, 0o604, 0o620, 0o601])('is refused if others can access it: %i', async (mode) => {
    write(text(), mode);
    await expect(readMasterKeys(config({ file }))).rejects.toThrow(`chmod 600 ${file}`);
  });

  it.each([
    ['', /contains no key.*openssl rand/],
    ['# nothing\n', /contains no key/],
    ['too short', /key 1 of .* is not 32 bytes/],
    [`${text()}\nAAAA`, /key 2 of .* is not 32 bytes/],
  ])('is refused with the content %j', async (content, why) => {
    write(content);
    await expect(readMasterKeys(config({ file }))).rejects.toThrow(why);
  });

  it('is refused if it is missing', async () => {
    await expect(readMasterKeys(config({ file: join(folder, 'none') }))).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });
});

describe('a KMS', () => {
  let kms: TestKms;
  beforeAll(async () => {
    kms = await startKms();
  });
  afterAll(() => kms.close());
  beforeEach(() => kms.fail([]));

  it('decrypts the master keys once, when the process starts', async () => {
    const key = randomBytes(32);
    const encrypted = (await new KmsClient(kms.settings).encrypt(key)).toString('base64');
    expect(Buffer.from(encrypted, 'base64').includes(key)).toBe(false);
    const read = await readMasterKeys(config({ keys: [encrypted], kms: kms.settings }));
    expect(read.currentId).toBe(new MasterKeys(key).currentId);
  });

  it('is called again if it is busy or down, but not after a refusal', async () => {
    const client = new KmsClient(kms.settings);
    const encrypted = await client.encrypt(randomBytes(32));
    kms.fail([500, 429, 'hang up']);
    expect(await client.decrypt(encrypted)).toHaveLength(32);
    kms.fail([403]);
    const before = kms.calls();
    await expect(client.decrypt(encrypted)).rejects.toThrow('Decrypt was answered with 403 AccessDeniedException');
    expect(kms.calls()).toBe(before + 1);
  });

  it('refuses callers that cannot sign, and foreign ciphertexts', async () => {
    const stranger = new KmsClient({ ...kms.settings, secretAccessKey: 'wrong' });
    await expect(stranger.encrypt(randomBytes(32))).rejects.toThrow('InvalidSignatureException');
    await expect(new KmsClient(kms.settings).decrypt(randomBytes(80))).rejects.toThrow('InvalidCiphertextException');
  });

  it('prevents the start when it fails, with a remedy and without a secret', async () => {
    const bare = text();
    const starting = readMasterKeys(config({ keys: [bare], kms: kms.settings }));
    await expect(starting).rejects.toThrow(/is a bare key, and KMS_KEY_ID is set.*npm run keys new-master/);
    await expect(starting).rejects.not.toThrow(bare);
    const short = (await new KmsClient(kms.settings).encrypt(Buffer.alloc(16))).toString('base64');
    await expect(readMasterKeys(config({ keys: [short], kms: kms.settings }))).rejects.toThrow(
      'not 32 bytes when decrypted',
    );
    kms.fail([403]);
    const encrypted = randomBytes(90).toString('base64');
    await expect(readMasterKeys(config({ keys: [encrypted], kms: kms.settings }))).rejects.toThrow(
      /Refusing to start: the KMS did not decrypt key 1 of STARWALL_MASTER_KEY.*AccessDenied/,
    );
  });
});
