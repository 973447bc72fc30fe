import { z } from 'zod';
import { JOB_KINDS } from '#libs/journal';
import { publicId, type Shown } from '#libs/kernel';
import { severityOf, type Trouble, TROUBLE_RULES, type TroubleKind, TROUBLES } from '#libs/operations';
import { type BotFacts, CAPABILITIES, closedIn } from '#libs/tenants';
import { idOf, idOrNull, listOf, timeOrNull } from '../../http/schema.js';

const UUID = '019a7c1e-5d00-7000-8000-00000000002a';
const time = z.iso.datetime();
const severity = z.enum(['warning', 'bad']).describe('`bad`: it has lasted longer than allowed.');

export const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' })
  .describe('The reason. It is recorded in the audit log, including that of the workspace.');

export const overviewSchema = z
  .object({
    object: z.literal('operations'),
    troubles: z.array(
      z.object({
        kind: z.enum(TROUBLES),
        count: z.int().describe('Counted up to 1,000.'),
        oldest_at: time.nullable(),
        severity: severity
          .nullable()
          .describe('The time since which the oldest has been stuck; null if there is none.'),
      }),
    ),
  })
  .meta({ id: 'Operations' });

export const readOperationsSchema = z.strictObject({
  tenant_id: idOf('tenant').optional().describe('Only of this workspace.'),
});
export type ReadOperations = z.infer<typeof readOperationsSchema>;

export const listTroublesSchema = z.strictObject({
  kind: z.enum(TROUBLES),
  tenant_id: idOf('tenant').optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ListTroubles = z.infer<typeof listTroublesSchema>;

const troubleSchema = z
  .object({
    object: z.literal('trouble'),
    kind: z.enum(TROUBLES),
    tenant_id: z.string(),
    bot_id: z.string().nullable(),
    subject: z
      .string()
      .describe(
        'The number of an update; the id of an order, a refund, an endpoint, a bot, a chat; the subject of a job.',
      ),
    detail: z
      .string()
      .describe(
        'The kind of an update or a job, the state of an order or a refund, the problem of a webhook, the ' +
          "bot's standing in a chat, the time of the last successful reconciliation.",
      ),
    error: z.string().nullable(),
    since: time,
    severity,
    next_step: z.string(),
    actions: z.array(z.string()).describe('Operations of this API that do this.'),
  })
  .meta({ id: 'Trouble' });
export const troubleListSchema = listOf(troubleSchema).meta({ id: 'TroubleList' });

const update = { bot_id: idOf('bot'), update_id: z.int().min(0), reason };
export const updateActionSchema = z.strictObject(update).meta({
  id: 'UpdateAction',
  examples: [{ bot_id: publicId('bot', UUID), update_id: 42, reason: 'The handler is fixed.' }],
});
export type UpdateAction = z.infer<typeof updateActionSchema>;

export const jobActionSchema = z
  .strictObject({ kind: z.enum(JOB_KINDS), subject: z.uuid(), reason })
  .meta({ id: 'JobAction', examples: [{ kind: 'order.deliver', subject: UUID, reason: 'The bot is fixed.' }] });
export type JobAction = z.infer<typeof jobActionSchema>;

export const reasonSchema = z.strictObject({ reason }).meta({ id: 'StaffReason' });
export type Reason = z.infer<typeof reasonSchema>;

export const askedSchema = z.object({ object: z.literal('asked'), asked: z.literal(true) }).meta({ id: 'Asked' });

export const stoppedSchema = z
  .object({
    object: z.literal('kill_switch'),
    bot_id: z.string(),
    username: z.string(),
    bot_state: z.string().describe("The bot's own state, which its creator controls"),
    stopped_at: time.nullable(),
    reason: z.string().nullable(),
    stops: z.array(z.enum(CAPABILITIES)).describe('The capabilities that this switch currently blocks'),
  })
  .meta({ id: 'KillSwitch' });

export const switchView = (bot: BotFacts): Shown<typeof stoppedSchema> => ({
  object: 'kill_switch' as const,
  bot_id: publicId('bot', bot.id),
  username: bot.username,
  bot_state: bot.state,
  stopped_at: timeOrNull(bot.stoppedAt),
  reason: bot.stoppedBecause,
  stops: bot.stoppedAt === null ? [] : closedIn('outbound_stopped'),
});

const ACTIONS: Readonly<Record<TroubleKind, readonly string[]>> = {
  parked_updates: ['staff_repairs_replay_update', 'staff_repairs_resolve_update'],
  parked_jobs: ['staff_repairs_retry_job', 'staff_repairs_resolve_job'],
  overdue_jobs: ['staff_repairs_retry_job'],
  stuck_orders: ['staff_repairs_retry_order'],
  stuck_refunds: ['staff_repairs_retry_refund'],
  held_charges: [],
  failing_endpoints: [],
  sick_webhooks: ['staff_repairs_look_at_webhook'],
  differences: ['staff_repairs_reconcile'],
  failing_comparisons: ['staff_repairs_reconcile'],
  chats_without_rights: [],
  stopped_bots: ['staff_kill_switch_release_bot'],
  stuck_removals: [],
  failed_accesses: [],
};

/** The kind of a subject's id; a number or the subject of a job is shown unchanged. */
const SUBJECTS = {
  stuck_orders: 'order',
  stuck_refunds: 'refund',
  held_charges: 'charge',
  failing_endpoints: 'endpoint',
  sick_webhooks: 'bot',
  differences: 'bot',
  failing_comparisons: 'bot',
  chats_without_rights: 'chat',
  stopped_bots: 'bot',
  stuck_removals: 'bot',
  failed_accesses: 'chatAccess',
} as const;

const isPublic = (kind: TroubleKind): kind is keyof typeof SUBJECTS => kind in SUBJECTS;

export const troubleView = (kind: TroubleKind, trouble: Trouble, now: Date): Shown<typeof troubleSchema> => ({
  object: 'trouble' as const,
  kind,
  tenant_id: publicId('tenant', trouble.tenantId),
  bot_id: idOrNull('bot', trouble.botId),
  subject: isPublic(kind) ? publicId(SUBJECTS[kind], trouble.subject) : trouble.subject,
  detail: trouble.detail,
  error: trouble.error,
  since: trouble.since.toISOString(),
  severity: severityOf(kind, trouble.since, now),
  next_step: TROUBLE_RULES[kind].next,
  actions: ACTIONS[kind],
});

export const overviewView = (
  counts: readonly { readonly kind: TroubleKind; readonly count: number; readonly oldest: Date | null }[],
  now: Date,
): Shown<typeof overviewSchema> => ({
  object: 'operations' as const,
  troubles: counts.map(({ kind, count, oldest }) => ({
    kind,
    count,
    oldest_at: timeOrNull(oldest),
    severity: oldest === null ? null : severityOf(kind, oldest, now),
  })),
});
