import { spawn } from 'node:child_process';
import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { publicId } from '#libs/kernel';
import { MasterKeys, SecretBox } from '#libs/vault';
import { newName, urlOf } from '../guards/fresh-database.js';
import { openAsOwner, testMasterKey } from '../support/database.js';
import { startKms } from '../support/kms-server.js';
import { giveToken, openShop, type Shop } from '../support/shop.js';

const database = newName();
let owner: DataSource;
let source: DataSource;
let shop: Shop;

beforeAll(async () => {
  owner = await openAsOwner();
  await owner.query(`create database ${database} template starwall`);
  source = await makeDataSource(urlOf(database), { name: 'keys', size: 4, statementTimeoutMs: 10_000 }).initialize();
  shop = await openShop(new Database(source));
  await giveToken(shop, '7:a-token');
});
afterAll(async () => {
  await source.destroy();
  await owner.query(`drop database ${database} with (force)`);
  await owner.destroy();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `npm run keys` like an operator. */
function keys(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: urlOf(database), STARWALL_MASTER_KEY: testMasterKey, ...settings };
  const child = spawn(process.execPath, ['dist/commands/keys.js', ...args], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
const json = ({ out }: Ended) => JSON.parse(out) as Record<string, unknown>;
const opens = (masterKey: string) =>
  shop.in(async (tx) => {
    const rows = await tx.query<{ sealed: Buffer }>('select token_sealed as sealed from bots where tenant_id = $1', [
      tx.tenantId,
    ]);
    const box = new SecretBox(new MasterKeys(Buffer.from(masterKey, 'base64')));
    return box.open(tx, rows[0]?.sealed ?? Buffer.alloc(0), { column: 'bots.token', rowId: shop.botId });
  });

describe('npm run keys', () => {
  it('introduces a new master key step by step, and reports when the former one can be removed', async () => {
    const fresh = (await keys(['new-master'])).out.trim();
    expect(Buffer.from(fresh, 'base64')).toHaveLength(32);
    const both = { STARWALL_MASTER_KEY: fresh, STARWALL_MASTER_KEY_PREVIOUS: testMasterKey };
    const rotated = await keys(['rotate-master'], both);
    expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('No other master key is needed.') });
    expect(await opens(fresh)).toBe('7:a-token');

    const former = await keys(['--json', 'status']);
    expect(former.code).toBe(1);
    expect(json(former)['masterKeys']).toContainEqual(expect.objectContaining({ state: 'not set', dataKeys: 1 }));
    expect(await keys(['status'], { STARWALL_MASTER_KEY: fresh })).toMatchObject({ code: 0 });
    const back = { STARWALL_MASTER_KEY: testMasterKey, STARWALL_MASTER_KEY_PREVIOUS: fresh };
    expect(json(await keys(['--json', 'rotate-master'], back))).toMatchObject({ rewrapped: 1, failed: [] });
    expect(await opens(testMasterKey)).toBe('7:a-token');
  });

  it('finishes an interrupted rotation of data keys', async () => {
    // Simulates a rotation that was interrupted after its last batch, so long ago that no process caches a former key.
    await source.query(`update data_keys set created_at = now() - interval '1 day'`);
    const asked = await keys(['rotate-data', 'nobody']);
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('workspace') });
    await source.query(
      `insert into key_rotations (id, owner, begun_at) values (gen_random_uuid(), $1, now() - interval '2 days')`,
      [shop.tenantId],
    );
    const done = await keys(['--json', 'rotate-data', publicId('tenant', shop.tenantId)]);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(json(done)).toMatchObject({ continued: true, renewed: 0, failed: [] });
    expect(json(await keys(['--json', 'status']))).toMatchObject({ rotations: [] });
  });

  it('creates a new signing key for the given purpose', async () => {
    const first = json(await keys(['--json', 'rotate-signing', 'access']))['signing_keys'];
    expect(first).toEqual([expect.objectContaining({ purpose: 'access', generation: 1, retiresAt: null })]);
    const second = await keys(['rotate-signing', '--now']);
    expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/access\s+2\s+\S+\s+-/) });
    expect(await keys(['rotate-signing', 'nothing'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('access'),
    });
  });

  it('creates a master key that only the KMS can read', async () => {
    const kms = await startKms();
    const { keyId, region, endpoint, accessKeyId, secretAccessKey } = kms.settings;
    const settings = {
      KMS_KEY_ID: keyId,
      KMS_REGION: region,
      KMS_ENDPOINT: endpoint,
      KMS_ACCESS_KEY_ID: accessKeyId,
      KMS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const made = await keys(['new-master'], { ...settings, STARWALL_MASTER_KEY: '' });
    expect(made.code).toBe(0);
    expect(Buffer.from(made.out.trim(), 'base64').length).toBeGreaterThan(32);
    const read = await keys(['--json', 'status'], { ...settings, STARWALL_MASTER_KEY: made.out.trim() });
    expect(json(read)['masterKeys']).toContainEqual(expect.objectContaining({ state: 'current', dataKeys: 0 }));
    const short = await keys(['new-master'], { KMS_KEY_ID: keyId });
    expect(short).toMatchObject({ code: 1, out: '', err: expect.stringContaining('KMS_ACCESS_KEY_ID') });
    await kms.close();
  });

  it.each([
    [['status'], { STARWALL_MASTER_KEY: '' }, 1, 'STARWALL_MASTER_KEY'],
    [['status'], { DATABASE_URL: '' }, 1, 'DATABASE_URL'],
    [['burn'], {}, 2, 'unknown command'],
    [['status', '--all'], {}, 2, '--help'],
    [[], {}, 2, 'rotate-master'],
  ])('explains the error when it is called with %j and %j', async (args, settings, code, words) => {
    const ended = await keys(args, settings);
    expect(ended.code).toBe(code);
    expect(ended.out + ended.err).toContain(words);
    expect(ended.out + ended.err).not.toContain(testMasterKey);
  });

  it('lists all commands and their purposes in its help', async () => {
    const help = await keys(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['status', 'new-master', 'rotate-master', 'rotate-data', 'rotate-signing'])
      expect(help.out).toContain(command);
  });
});
