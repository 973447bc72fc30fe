import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { type S3Server, startS3Server } from '../../../../test/support/s3-server.js';
import { sweepSpool } from './file.spool.js';
import {
  DirectoryStorage,
  EmptyFile,
  FileMissing,
  FileService,
  FileTooLarge,
  MAX_FILE_BYTES,
  S3Storage,
  StorageFull,
  StorageUnavailable,
} from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let s3: S3Server;
let root: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  s3 = await startS3Server();
  root = await mkdtemp(join(tmpdir(), 'starwall-files-'));
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy(), s3.close()]);
  await rm(root, { recursive: true });
});

async function newTenant(): Promise<string> {
  const id = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [id]);
  return id;
}

async function newBot(tenantId: string): Promise<string> {
  const id = newUuid();
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', 'active')`,
    [tenantId, id, Math.floor(Math.random() * 2 ** 50)],
  );
  return id;
}

const spoolFolder = () => join(root, 'incoming');
const spooled = () => readdir(spoolFolder()).catch(() => []);
const rowsOf = (tenantId: string) => owner.query<unknown[]>('select * from files where tenant_id = $1', [tenantId]);
const upload = (...chunks: readonly Buffer[]) => ({
  name: 'guide.pdf',
  mime: 'application/pdf',
  stream: Readable.from(chunks),
});
const bytesOf = async (stream: AsyncIterable<Uint8Array>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
async function store(files: FileService, tenantId: string, what: ReturnType<typeof upload>) {
  const received = await files.receive(tenantId, what);
  return db.inTenant(tenantId, (tx) => files.add(tx, received));
}
const open = (files: FileService, tenantId: string, id: string) => db.inTenant(tenantId, (tx) => files.open(tx, id));
const megabytes = function* (count: number, rest = 0) {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(1_048_576, i);
  if (rest > 0) yield Buffer.alloc(rest);
};

describe.each(['a folder', 'S3'] as const)('files stored in %s', (place) => {
  let files: FileService;
  let tenant: string;
  const kept = async () => {
    if (place === 'S3') return [...s3.objects.keys()].filter((path) => path.includes(tenant));
    return readdir(join(root, tenant)).catch(() => []);
  };

  beforeEach(async () => {
    tenant = await newTenant();
    files = new FileService(
      db,
      place === 'S3' ? new S3Storage(s3) : new DirectoryStorage(root),
      spoolFolder(),
      quotasAt(),
    );
  });
  it('are read back unchanged', async () => {
    const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(300_000, 7)]);
    const stored = await store(files, tenant, upload(content.subarray(0, 100_000), content.subarray(100_000)));
    expect(stored).toMatchObject({ name: 'guide.pdf', mime: 'application/pdf', bytes: content.length });
    const { file, stream } = await open(files, tenant, stored.id);
    expect(file).toEqual(stored);
    expect((await bytesOf(stream)).equals(content)).toBe(true);
    expect([await kept(), await spooled()]).toEqual([[expect.any(String)], []]);
  });

  it('can have exactly 50 MB', async () => {
    const stored = await store(files, tenant, { ...upload(), stream: Readable.from(megabytes(50)) });
    expect(stored.bytes).toBe(MAX_FILE_BYTES);
    expect(await bytesOf((await open(files, tenant, stored.id)).stream)).toHaveLength(MAX_FILE_BYTES);
  });

  it('are refused at one byte more, and leave nothing behind', async () => {
    const tooMuch = { ...upload(), stream: Readable.from(megabytes(50, 1)) };
    await expect(store(files, tenant, tooMuch)).rejects.toThrow(FileTooLarge);
    expect([await kept(), await rowsOf(tenant), await spooled()]).toEqual([[], [], []]);
  });

  it('are refused when they are empty, and leave nothing behind', async () => {
    await expect(store(files, tenant, upload(Buffer.alloc(0)))).rejects.toThrow(EmptyFile);
    expect([await kept(), await rowsOf(tenant), await spooled()]).toEqual([[], [], []]);
  });

  it('are refused with an error about the full disk, and leave nothing behind', async () => {
    const full = function* () {
      yield Buffer.from('the first half');
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    await expect(store(files, tenant, { ...upload(), stream: Readable.from(full()) })).rejects.toThrow(StorageFull);
    expect([await kept(), await rowsOf(tenant), await spooled()]).toEqual([[], [], []]);
  });

  it('leave nothing behind when the upload is interrupted', async () => {
    const broken = function* () {
      yield Buffer.from('the first half');
      throw new Error('connection lost');
    };
    await expect(store(files, tenant, { ...upload(), stream: Readable.from(broken()) })).rejects.toThrow('connection');
    expect([await kept(), await rowsOf(tenant), await spooled()]).toEqual([[], [], []]);
  });

  it('leave nothing behind when they are dropped, even twice', async () => {
    const received = await files.receive(tenant, upload(Buffer.from('x')));
    expect(await kept()).toHaveLength(1);
    await files.drop(received);
    await files.drop(received);
    expect([await kept(), await rowsOf(tenant), await spooled()]).toEqual([[], [], []]);
  });

  it('cannot be seen or opened by another tenant, or given a Telegram file id', async () => {
    const stored = await store(files, tenant, upload(Buffer.from('goods')));
    const stranger = await newTenant();
    const bot = await newBot(stranger);
    await expect(db.inTenant(stranger, (tx) => files.get(tx, stored.id))).rejects.toThrow(NotFound);
    await expect(open(files, stranger, stored.id)).rejects.toThrow(NotFound);
    const remember = db.inTenant(stranger, (tx) =>
      files.rememberTelegramFileId(tx, bot, stored.id, 'document', 'AgAD'),
    );
    await expect(remember).rejects.toThrow('foreign key');
  });

  it('cannot be read when their bytes are missing', async () => {
    const stored = await store(files, tenant, upload(Buffer.from('goods')));
    await (place === 'S3' ? new S3Storage(s3) : new DirectoryStorage(root)).remove(stored.storageKey);
    await expect(bytesOf((await open(files, tenant, stored.id)).stream)).rejects.toThrow(FileMissing);
  });

  it('cannot have keys that lead elsewhere', async () => {
    const storage = place === 'S3' ? new S3Storage(s3) : new DirectoryStorage(root);
    await expect(storage.get('../../etc/passwd')).rejects.toThrow(RangeError);
    await expect(storage.remove(`${newUuid()}/..`)).rejects.toThrow(RangeError);
  });
});

describe('a folder of files', () => {
  it('can be read only by its owner', async () => {
    const tenant = await newTenant();
    const files = new FileService(db, new DirectoryStorage(root), spoolFolder(), quotasAt());
    const stored = await store(files, tenant, upload(Buffer.from('goods')));
    expect((await stat(join(root, stored.storageKey))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, tenant))).mode & 0o777).toBe(0o700);
  });

  it('fails the stream when a file was truncated', async () => {
    const tenant = await newTenant();
    const files = new FileService(db, new DirectoryStorage(root), spoolFolder(), quotasAt());
    const stored = await store(files, tenant, upload(Buffer.from('the whole goods')));
    await truncate(join(root, stored.storageKey), 5);
    await expect(bytesOf((await open(files, tenant, stored.id)).stream)).rejects.toThrow('has changed');
  });

  it('is cleared of spool files older than a day', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starwall-spool-'));
    const now = new Date();
    await writeFile(join(folder, 'old'), 'x');
    await writeFile(join(folder, 'young'), 'x');
    await utimes(join(folder, 'old'), now, new Date(now.getTime() - DAY - 1_000));
    await sweepSpool(folder, now);
    expect(await readdir(folder)).toEqual(['young']);
    await rm(folder, { recursive: true });
    await expect(sweepSpool(folder, now)).resolves.toBeUndefined();
  });
});

describe('a bucket of files', () => {
  it('is retried after an error', async () => {
    const files = new FileService(db, new S3Storage(s3), spoolFolder(), quotasAt());
    s3.answers.length = 0;
    s3.faults.push(503, 429);
    await store(files, await newTenant(), upload(Buffer.from('goods')));
    expect(s3.answers).toEqual(['PUT 503', 'PUT 429', 'PUT 200']);
  });

  it('refuses files and writes no row while it is down', async () => {
    const tenant = await newTenant();
    const files = new FileService(db, new S3Storage(s3), spoolFolder(), quotasAt());
    s3.faults.push(500, 500, 500);
    await expect(store(files, tenant, upload(Buffer.from('goods')))).rejects.toThrow(StorageUnavailable);
    expect([await rowsOf(tenant), await spooled()]).toEqual([[], []]);
  });

  it('is not retried after it refused a wrong secret', async () => {
    const files = new FileService(db, new S3Storage({ ...s3, secretAccessKey: 'guessed' }), spoolFolder(), quotasAt());
    s3.answers.length = 0;
    await expect(store(files, await newTenant(), upload(Buffer.from('goods')))).rejects.toThrow(StorageUnavailable);
    expect(s3.answers).toEqual(['PUT 403']);
  });

  it('fails the stream when the connection breaks', async () => {
    const tenant = await newTenant();
    const files = new FileService(db, new S3Storage(s3), spoolFolder(), quotasAt());
    const stored = await store(files, tenant, upload(Buffer.alloc(200_000, 1)));
    s3.faults.push('cut');
    await expect(bytesOf((await open(files, tenant, stored.id)).stream)).rejects.toThrow('terminated');
  });

  it('fails the stream when the bytes have changed', async () => {
    const tenant = await newTenant();
    const files = new FileService(db, new S3Storage(s3), spoolFolder(), quotasAt());
    const stored = await store(files, tenant, upload(Buffer.from('goods')));
    s3.objects.set(`/${s3.bucket}/${stored.storageKey}`, Buffer.from('other'));
    await expect(bytesOf((await open(files, tenant, stored.id)).stream)).rejects.toThrow('has changed');
  });
});

describe("Telegram's id of a file", () => {
  it('is known only to the bot that uploaded it', async () => {
    const tenant = await newTenant();
    const [bot, other] = [await newBot(tenant), await newBot(tenant)];
    const files = new FileService(db, new DirectoryStorage(root), spoolFolder(), quotasAt());
    const { id } = await store(files, tenant, upload(Buffer.from('goods')));
    await db.inTenant(tenant, async (tx) => {
      expect(await files.telegramFileId(tx, bot, id, 'document')).toBeUndefined();
      await files.rememberTelegramFileId(tx, bot, id, 'document', 'BQAC-first');
      await files.rememberTelegramFileId(tx, bot, id, 'document', 'BQAC-second');
      expect(await files.telegramFileId(tx, bot, id, 'document')).toBe('BQAC-second');
      expect(await files.telegramFileId(tx, other, id, 'document')).toBeUndefined();
      expect(await files.telegramFileId(tx, bot, id, 'photo')).toBeUndefined();
    });
  });
});

it('the bytes of a file erased with its buyer are removed, and no others', async () => {
  const [storage, tenantId] = [new DirectoryStorage(root), await newTenant()];
  const files = new FileService(db, storage, spoolFolder(), quotasAt());
  const [gone, kept] = [
    await store(files, tenantId, upload(Buffer.from('gone'))),
    await store(files, tenantId, upload(Buffer.from('kept'))),
  ];
  await owner.query(
    `with gone as (delete from files where id = $1 returning tenant_id, id, storage_key)
     insert into forgotten_files (tenant_id, id, storage_key) select * from gone`,
    [gone.id],
  );
  expect(await files.removeForgotten(10)).toBe(1);
  expect(await files.removeForgotten(10)).toBe(0);
  await expect(storage.get(gone.storageKey)).rejects.toThrow(FileMissing);
  expect((await bytesOf((await open(files, tenantId, kept.id)).stream)).toString()).toBe('kept');
});
