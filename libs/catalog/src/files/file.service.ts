import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Database, TenantTx } from '#libs/database';
import { NotFound, newUuid } from '#libs/kernel';
import type { Quotas } from '#libs/quotas';
import { safeFileName, safeMime } from './file.js';
import { FileRow, type SentAs, TelegramFileRow } from './file.entity.js';
import { spool } from './file.spool.js';
import { FileMissing, type FileStorage } from './file.storage.js';

export interface Upload {
  /** The uploader's name; sanitised here. */
  readonly name: string;
  /** The uploader's type; sanitised here. */
  readonly mime: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** A file whose bytes are stored but whose row is not written yet. */
export type KeptFile = Omit<FileRow, 'createdAt' | 'metadata'>;

export interface OpenFile {
  readonly file: FileRow;
  /** Opened lazily: the storage is called on the first read. Read it after the transaction. */
  readonly stream: Readable;
}

/** The files that creators sell. */
export class FileService {
  /** @param spoolFolder the folder for uploads in progress */
  constructor(
    private readonly db: Database,
    private readonly storage: FileStorage,
    private readonly spoolFolder: string,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Stores the bytes of a creator's upload. Call {@link add} or {@link drop} next; a crash in between leaves
   * unreferenced bytes.
   * @throws FileTooLarge, EmptyFile, StorageUnavailable, QuotaExhausted when no space is left at all, or the stream's
   * error
   */
  async receive(tenantId: string, upload: Upload): Promise<KeptFile> {
    // If no space is left, refuse before the upload.
    await this.db.inTenant(tenantId, (tx) => this.quotas.require(tx, 'storage_bytes'));
    return this.keep(tenantId, upload);
  }

  /** Turns a received upload into a file of the workspace. @throws QuotaExhausted */
  async add(tx: TenantTx, kept: KeptFile): Promise<FileRow> {
    await this.quotas.require(tx, 'storage_bytes', kept.bytes);
    await this.record(tx, kept);
    return this.get(tx, kept.id);
  }

  /** Removes the bytes of an upload that was not added. Idempotent. */
  drop({ storageKey }: KeptFile): Promise<void> {
    return this.storage.remove(storageKey);
  }

  /**
   * Stores the bytes of a file, outside of any transaction. It is invisible before {@link record}. Ignores the plan's
   * limit, because it also stores the goods of paid orders.
   * @throws FileTooLarge, EmptyFile, StorageUnavailable, or the stream's error
   */
  async keep(tenantId: string, upload: Upload): Promise<KeptFile> {
    const spooled = await spool(this.spoolFolder, upload.stream);
    const id = newUuid();
    const key = `${tenantId}/${id}`;
    try {
      await this.storage.put(key, spooled);
    } finally {
      await rm(spooled.path, { force: true });
    }
    const { bytes, sha256 } = spooled;
    const [name, mime] = [safeFileName(upload.name), safeMime(upload.mime)];
    return { tenantId, id, name, mime, bytes, sha256, storageKey: key };
  }

  /** Writes the row of a file whose bytes are stored. */
  async record(tx: TenantTx, kept: KeptFile): Promise<void> {
    await tx.manager.insert(FileRow, kept);
  }

  /** @throws NotFound */
  async get(tx: TenantTx, fileId: string): Promise<FileRow> {
    const row = await tx.manager.findOneBy(FileRow, { tenantId: tx.tenantId, id: fileId });
    if (row === null) throw new NotFound('file');
    return row;
  }

  /** Removes the bytes of all files of a tenant. Their rows stay, but they can no longer be opened. Idempotent. */
  async forgetAll(tenantId: string): Promise<void> {
    const files = await this.db.inTenant(tenantId, (tx) =>
      tx.query<{ storageKey: string }>('select storage_key as "storageKey" from files where tenant_id = $1', [
        tenantId,
      ]),
    );
    for (const { storageKey } of files) await this.storage.remove(storageKey);
  }

  /**
   * Removes the bytes of files whose rows were deleted with an erased buyer. Idempotent. @returns their number, at most
   * `limit`
   */
  async removeForgotten(limit: number): Promise<number> {
    const files = await this.db.inPlatform('bytes of files that were erased', (tx) =>
      tx.query<{ id: string; storageKey: string }>(
        'select id, storage_key as "storageKey" from forgotten_files order by created_at limit $1',
        [limit],
      ),
    );
    for (const { id, storageKey } of files) {
      await this.storage.remove(storageKey);
      await this.db.inPlatform('the bytes of an erased file are removed', (tx) =>
        tx.query('delete from forgotten_files where id = $1', [id]),
      );
    }
    return files.length;
  }

  /** Replaces a file's metadata. @throws NotFound */
  async setMetadata(tx: TenantTx, fileId: string, metadata: Readonly<Record<string, string>>): Promise<FileRow> {
    await tx.manager.update(FileRow, { tenantId: tx.tenantId, id: fileId }, { metadata: { ...metadata } });
    return this.get(tx, fileId);
  }

  /**
   * Opens a file. The stream fails at its end if the bytes differ from those that were stored.
   * @throws NotFound
   */
  async open(tx: TenantTx, fileId: string): Promise<OpenFile> {
    const file = await this.get(tx, fileId);
    return { file, stream: Readable.from(this.bytesOf(file), { objectMode: false }) };
  }

  /** Returns Telegram's id of the file; undefined if the bot has not sent it as this type before. */
  async telegramFileId(tx: TenantTx, botId: string, fileId: string, sentAs: SentAs): Promise<string | undefined> {
    const row = await tx.manager.findOneBy(TelegramFileRow, { tenantId: tx.tenantId, botId, fileId, sentAs });
    return row?.telegramFileId;
  }

  /** Stores Telegram's id of a file that the bot has uploaded; the latest id wins. */
  async rememberTelegramFileId(
    tx: TenantTx,
    botId: string,
    fileId: string,
    sentAs: SentAs,
    telegramFileId: string,
  ): Promise<void> {
    await tx.query(
      `insert into telegram_files (tenant_id, bot_id, file_id, sent_as, telegram_file_id) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, bot_id, file_id, sent_as) do update set telegram_file_id = excluded.telegram_file_id`,
      [tx.tenantId, botId, fileId, sentAs, telegramFileId],
    );
  }

  private async *bytesOf(file: FileRow): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    const stream: AsyncIterable<Uint8Array> = await this.storage.get(file.storageKey);
    for await (const chunk of stream) {
      hash.update(chunk);
      yield chunk;
    }
    if (!hash.digest().equals(file.sha256)) throw new FileMissing(`the content of ${file.storageKey} has changed`);
  }
}
