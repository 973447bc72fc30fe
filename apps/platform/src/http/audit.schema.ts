import { z } from 'zod';
import { AUDIT_VIAS, type AuditEntry } from '#libs/journal';
import { ID_PREFIXES, type IdKind, publicId, type Shown } from '#libs/kernel';
import { createdFilters, idOrNull, listOf } from './schema.js';

/** The filters of an audit log, without paging. */
export const auditFilters = {
  action: z
    .string()
    .regex(/^[a-z_]{1,100}$/, { error: 'must be the operationId of an operation' })
    .optional()
    .describe('Only this operation.'),
  ...createdFilters,
};

export const auditEntrySchema = z
  .object({
    object: z.literal('audit_entry'),
    id: z.string(),
    action: z.string().describe('The `operationId` of the action, or the name of another action of staff'),
    outcome: z
      .enum(['done', 'refused', 'begun'])
      .describe('`begun`: recorded before a call to another system; it has not finished, or its outcome is unknown'),
    actor: z.object({ kind: z.enum(['account', 'api_key', 'staff', 'command']), id: z.string().nullable() }),
    via: z.enum(AUDIT_VIAS).describe('`telegram`: in the chat of a bot, by a member whose account is linked'),
    tenant_id: z.string().nullable(),
    targets: z.array(z.object({ kind: z.string(), id: z.string() })),
    reason: z.string().nullable().describe('The reason given by staff'),
    request_id: z.string().nullable(),
    network: z.string().nullable().describe('The address, shortened to the network'),
    user_agent: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'AuditEntry' });

export const auditListSchema = listOf(auditEntrySchema).meta({ id: 'AuditEntryList' });

const KIND_OF = new Map(Object.entries(ID_PREFIXES).map(([kind, prefix]) => [prefix as string, kind]));
const words = (kind: string) => kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const ACTOR_IDS = { account: 'account', api_key: 'apiKey', staff: 'staff' } as const satisfies Record<string, IdKind>;

export const auditView = (entry: AuditEntry): Shown<typeof auditEntrySchema> => ({
  object: 'audit_entry',
  id: publicId('auditEntry', entry.id),
  action: entry.action,
  outcome: entry.outcome,
  actor: {
    kind: entry.actor.kind,
    id: entry.actor.kind === 'command' ? null : publicId(ACTOR_IDS[entry.actor.kind], entry.actor.id),
  },
  via: entry.via,
  tenant_id: idOrNull('tenant', entry.tenantId),
  targets: entry.targets.map((id) => ({ kind: words(KIND_OF.get(id.split('_')[0] ?? '') ?? 'thing'), id })),
  reason: entry.reason,
  request_id: entry.context.requestId,
  network: entry.context.network,
  user_agent: entry.context.userAgent,
  created_at: entry.createdAt.toISOString(),
});
