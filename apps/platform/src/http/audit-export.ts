import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { AuditEntry } from '#libs/journal';
import { attachment } from './attachment.js';
import { auditView } from './audit.schema.js';

/** Entries per read. */
export const EXPORT_PAGE = 1_000;
/** Less than every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Streams the audit log as a file, one JSON object per line, oldest entry first: no transaction stays open between
 * two pages.
 * @param read one page of entries newer than the given one, oldest first
 */
export function auditFile(name: string, read: (newerThan: string) => Promise<AuditEntry[]>) {
  async function* lines(): AsyncGenerator<string> {
    let last = FIRST;
    for (;;) {
      const entries = await read(last);
      if (entries.length > 0) yield entries.map((entry) => `${JSON.stringify(auditView(entry))}\n`).join('');
      last = entries.at(-1)?.id ?? last;
      if (entries.length < EXPORT_PAGE) return;
    }
  }
  const stream = Readable.from(lines(), { objectMode: false });
  return new StreamableFile(stream, {
    type: 'application/x-ndjson; charset=utf-8',
    disposition: attachment(`${name}.ndjson`),
  });
}
