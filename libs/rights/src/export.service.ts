import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import yazl from 'yazl';
import { FileService } from '#libs/catalog';
import { Database } from '#libs/database';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { ManifestEntry } from './export.js';
import { TableReader } from './table.reader.js';

interface FileName {
  readonly id: string;
  readonly name: string;
}

const FORMAT = 'starwall-export/1';

/** Exports all of a workspace's data as one archive, without secrets. */
@Injectable()
export class ExportService {
  constructor(
    private readonly db: Database,
    private readonly tables: TableReader,
    private readonly files: FileService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A ZIP archive that is generated while it is read: `tables/<name>.ndjson`, `files/<id>/<name>`, and last
   * `manifest.json`, which lists them. Available in every state of a workspace. Read it to the end or destroy it.
   */
  archive(tenantId: string): Readable {
    return Readable.from(this.bytes(tenantId), { objectMode: false });
  }

  private async *bytes(tenantId: string): AsyncGenerator<Buffer> {
    const zip = new yazl.ZipFile();
    const made: ManifestEntry[] = [];
    const open: Readable[] = [];
    const add = (
      path: string,
      chunks: AsyncIterable<Uint8Array | string>,
      options: Partial<yazl.Options>,
      lines = false,
    ) =>
      zip.addReadStreamLazy(path, { mtime: this.clock.now(), ...options }, (ready) => {
        const stream = Readable.from(
          measured(path, chunks, lines, (entry) => made.push(entry)),
          { objectMode: false },
        );
        open.splice(0, open.length, stream);
        ready(null, stream);
      });
    for (const table of this.tables.tables) {
      add(`tables/${table}.ndjson`, this.tables.lines(tenantId, table), { forceZip64Format: true }, true);
    }
    for (const { id, name } of await this.fileNames(tenantId)) {
      add(`files/${publicId('file', id)}/${name}`, this.content(tenantId, id), { compress: false });
    }
    const manifest = () => ({
      format: FORMAT,
      workspace: publicId('tenant', tenantId),
      created_at: this.clock.now().toISOString(),
      entries: made,
    });
    zip.addReadStreamLazy('manifest.json', { mtime: this.clock.now() }, (ready) =>
      ready(null, Readable.from([JSON.stringify(manifest(), undefined, 2)], { objectMode: false })),
    );
    zip.end();
    try {
      for await (const chunk of zip.outputStream) yield chunk as Buffer;
    } finally {
      for (const stream of open) stream.destroy();
    }
  }

  private fileNames(tenantId: string): Promise<FileName[]> {
    return this.db.inTenant(tenantId, (tx) =>
      tx.query<FileName>('select id, name from files where tenant_id = $1 order by id', [tx.tenantId]),
    );
  }

  private async *content(tenantId: string, fileId: string): AsyncGenerator<Uint8Array> {
    const { stream } = await this.db.inTenant(tenantId, (tx) => this.files.open(tx, fileId));
    yield* stream as AsyncIterable<Uint8Array>;
  }
}

/**
 * Passes chunks through and reports their size and hash at the end. A failure ends its entry, not the archive, and is
 * reported in the manifest.
 */
async function* measured(
  path: string,
  chunks: AsyncIterable<Uint8Array | string>,
  lines: boolean,
  done: (entry: ManifestEntry) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const found = { bytes: 0, rows: 0 };
  let error: string | undefined;
  try {
    for await (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(bytes);
      found.bytes += bytes.length;
      found.rows += 1;
      yield bytes;
    }
  } catch {
    error = 'It could not be read to its end. Request the export again.';
  }
  const entry = { path, bytes: found.bytes, sha256: hash.digest('hex') };
  done({ ...entry, ...(lines ? { rows: found.rows } : {}), ...(error === undefined ? {} : { error }) });
}
