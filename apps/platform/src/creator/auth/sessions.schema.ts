import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { SessionRow } from '#libs/tenants';
import { listOf, listQuery, timeOrNull } from '../../http/schema.js';

export const listSessionsSchema = listQuery('session', {});
export type ListSessions = z.output<typeof listSessionsSchema>;

export const openSessionSchema = z
  .object({
    object: z.literal('open_session'),
    id: z.string(),
    tenant_id: z.string().describe("The session's current workspace"),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe('Accurate to the minute; null if not used yet'),
    expires_at: z.iso.datetime(),
    network: z.string().nullable().describe('The address from which it was opened, shortened'),
    user_agent: z.string().nullable().describe("The client's user agent at that time"),
    current: z.boolean().describe('True for the session of this request'),
  })
  .meta({ id: 'OpenSession' });
export const openSessionListSchema = listOf(openSessionSchema);

export const endedSessionsSchema = z
  .object({ object: z.literal('ended_sessions'), count: z.int() })
  .meta({ id: 'EndedSessions' });

export const openSessionView = (row: SessionRow, current: string): Shown<typeof openSessionSchema> => ({
  object: 'open_session' as const,
  id: publicId('session', row.id),
  tenant_id: publicId('tenant', row.ownerTenant),
  created_at: row.createdAt.toISOString(),
  last_used_at: timeOrNull(row.lastUsedAt),
  expires_at: row.expiresAt.toISOString(),
  network: row.network,
  user_agent: row.userAgent,
  current: row.id === current,
});
