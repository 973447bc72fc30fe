import { z } from 'zod';
import type { ListedErasure } from '#libs/tenants';

const schema = z.strictObject({
  tenantId: z.uuid(),
  id: z.uuid(),
  pseudonym: z.int().negative(),
  sealed: z.base64(),
  keepUntil: z.iso.datetime(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
});

/** Parses one line of the list. @throws Error that does not quote the line */
export function listed(line: string): ListedErasure {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new Error('A line of the list is not an erasure. The lines before it were applied.');
  }
}
