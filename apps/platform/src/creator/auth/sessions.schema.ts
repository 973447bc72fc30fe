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
    tenant_id: z.string().describe('The workspace in which it is'),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe('To the minute; null: not yet'),
    expires_at: z.iso.datetime(),
    network: z.string().nullable().describe('From where it was opened: the address, shortened'),
    user_agent: z.string().nullable().describe('What the client called itself then'),
    current: z.boolean().describe('Whether this request belongs to it'),
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
