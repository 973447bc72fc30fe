import { z } from 'zod';
import { publicId, SECOND, type Shown } from '#libs/kernel';
import { type ClosureRow, closureSchema, closureView } from '#libs/rights';
import type { Impersonation, TenantLine, TenantPage } from '#libs/staff';
import { CAPABILITIES, closedIn, stoppedView, TENANT_STATES, type TenantStanding } from '#libs/tenants';
import { SIGNING_PURPOSES } from '#libs/vault';
import { auditEntrySchema, auditView } from '../../http/audit.schema.js';
import { idOrNull, listOf, listQuery, timeOrNull } from '../../http/schema.js';

const time = z.iso.datetime();
const state = z.enum(TENANT_STATES);

export const listTenantsSchema = listQuery('tenant', {
  query: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' })
    .optional()
    .describe(
      "The search term: the beginning of its name or of a bot's username (@...), a member's email " +
        'address, the Telegram id of a bot or buyer, a charge id of Telegram, or an id of a workspace, bot, ' +
        'order or charge.',
    ),
  state: state.optional(),
});
export type ListTenants = z.output<typeof listTenantsSchema>;

const reason = z.string().trim().min(1).max(500).describe('The creator reads it');

export const restrictSchema = z
  .strictObject({
    state: z.enum(['warned', 'no_new_sales', 'outbound_stopped', 'locked']),
    reason,
    note: z.string().trim().min(1).max(2_000).optional().describe('For staff only'),
    review_at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional()
      .describe('The next review; the creator reads it'),
  })
  .meta({ id: 'RestrictTenant' });
export type Restrict = z.output<typeof restrictSchema>;

export const liftSchema = z
  .strictObject({ reason: reason.optional(), note: z.string().trim().min(1).max(2_000).optional() })
  .meta({ id: 'LiftTenant' });
export type Lift = z.output<typeof liftSchema>;

export const impersonateSchema = z.strictObject({ reason }).meta({ id: 'Impersonate' });
export type Impersonate = z.output<typeof impersonateSchema>;

export const resetPasswordSchema = z.strictObject({ reason }).meta({ id: 'StaffResetPassword' });
export type ResetPassword = z.output<typeof resetPasswordSchema>;

export const endVisitSchema = z
  .strictObject({ access_token: z.string().max(2_048).describe('The token of the impersonation.') })
  .meta({ id: 'EndVisit' });
export type EndVisit = z.output<typeof endVisitSchema>;

export const impersonationSchema = z
  .object({
    object: z.literal('impersonation'),
    id: z.string(),
    tenant_id: z.string(),
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds'),
    expires_at: time,
  })
  .meta({ id: 'Impersonation' });

export const tenantLineSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    name: z.string(),
    state,
    bots: z.int().describe('Bots that were not removed'),
    created_at: time,
  })
  .meta({ id: 'StaffTenantLine' });

export const tenantListSchema = listOf(tenantLineSchema).meta({ id: 'StaffTenantList' });

export const standingSchema = z
  .object({
    object: z.literal('tenant_standing'),
    state,
    stops: z.array(z.enum(CAPABILITIES)).describe('The capabilities that the workspace lacks now'),
    reason: z.string().nullable(),
    since: time,
    review_at: time.nullable(),
  })
  .meta({ id: 'TenantStanding' });

const count = z.int();

export const tenantPageSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    name: z.string(),
    state,
    created_at: time,
    history: z
      .array(
        z.object({
          from: state,
          to: state,
          reason: z.string().nullable(),
          review_at: time.nullable(),
          staff_id: z.string().nullable(),
          at: time,
        }),
      )
      .describe('Restrictions and their lifting, latest first'),
    closure: closureSchema.nullable().describe('The pending closure; null when none is pending'),
    notes: z.array(z.object({ staff_id: z.string(), note: z.string(), at: time })).describe('Notes of staff for staff'),
    members: z.array(z.object({ account_id: z.string(), email: z.string(), role: z.string() })),
    bots: z.array(
      z.object({
        bot_id: z.string(),
        telegram_id: z.int(),
        username: z.string(),
        state: z.string(),
        stopped: z
          .object({ since: time, reason: z.string().nullable() })
          .nullable()
          .describe('The time at which and the reason why staff have stopped it'),
        last_reconciliation: z.object({ state: z.string(), finished_at: time.nullable() }).nullable(),
      }),
    ),
    last_30_days: z.object({ orders: count, stars: count, refunds: count, refunded_stars: count }),
    open_refunds: z.object({
      count,
      oldest: z.array(
        z.object({
          refund_id: z.string(),
          order_id: z.string().nullable(),
          state: z.string(),
          stars: count,
          buyer_telegram_id: z.int().nullable().describe('Null without the permission `buyers:read`'),
          created_at: time,
        }),
      ),
    }),
    parked: z.object({ updates: count, jobs: count }),
    failing_endpoints: z.array(
      z.object({ endpoint_id: z.string(), state: z.string(), failing_since: time.nullable() }),
    ),
    audit: z.array(auditEntrySchema).describe('The latest entries of its audit log'),
  })
  .meta({ id: 'StaffTenant' });

export const tenantLineView = (line: TenantLine): Shown<typeof tenantLineSchema> => ({
  object: 'tenant',
  id: publicId('tenant', line.id),
  name: line.name,
  state: line.state,
  bots: line.bots,
  created_at: line.createdAt.toISOString(),
});

export const impersonationView = (begun: Impersonation, token: string): Shown<typeof impersonationSchema> => ({
  object: 'impersonation',
  id: publicId('impersonation', begun.id),
  tenant_id: publicId('tenant', begun.tenantId),
  access_token: token,
  token_type: 'Bearer',
  expires_in: SIGNING_PURPOSES.impersonation / SECOND,
  expires_at: begun.expiresAt.toISOString(),
});

export const standingView = (standing: TenantStanding): Shown<typeof standingSchema> => ({
  object: 'tenant_standing',
  state: standing.state,
  stops: closedIn(standing.state),
  reason: standing.reason,
  since: standing.since.toISOString(),
  review_at: timeOrNull(standing.reviewAt),
});

/** @param people true if buyers may be shown */
export const tenantPageView = (
  page: TenantPage,
  closure: ClosureRow | undefined,
  people: boolean,
): Shown<typeof tenantPageSchema> => ({
  object: 'tenant',
  id: publicId('tenant', page.tenant.id),
  name: page.tenant.name,
  state: page.tenant.state,
  created_at: page.tenant.createdAt.toISOString(),
  history: page.moves.map(({ from, to, reason, reviewAt, staffId, at }) => ({
    from,
    to,
    reason,
    review_at: timeOrNull(reviewAt),
    staff_id: idOrNull('staff', staffId),
    at: at.toISOString(),
  })),
  closure: closure === undefined ? null : closureView(closure),
  notes: page.notes.map(({ staffId, note, at }) => ({
    staff_id: publicId('staff', staffId),
    note,
    at: at.toISOString(),
  })),
  members: page.members.map(({ accountId, email, role }) => ({
    account_id: publicId('account', accountId),
    email,
    role,
  })),
  bots: page.bots.map((bot) => ({
    bot_id: publicId('bot', bot.id),
    telegram_id: bot.telegramId,
    username: bot.username,
    state: bot.state,
    stopped: stoppedView(bot),
    last_reconciliation:
      bot.reconciliation === null ? null : { state: bot.reconciliation, finished_at: timeOrNull(bot.reconciledAt) },
  })),
  last_30_days: {
    orders: page.sales.orders,
    stars: page.sales.stars,
    refunds: page.sales.refunds,
    refunded_stars: page.sales.refunded,
  },
  open_refunds: {
    count: page.waiting.refunds,
    oldest: page.openRefunds.map((refund) => ({
      refund_id: publicId('refund', refund.id),
      order_id: idOrNull('order', refund.orderId),
      state: refund.state,
      stars: refund.stars,
      buyer_telegram_id: people ? refund.buyerId : null,
      created_at: refund.createdAt.toISOString(),
    })),
  },
  parked: { updates: page.waiting.parkedUpdates, jobs: page.waiting.parkedJobs },
  failing_endpoints: page.endpoints.map(({ id, state: stateOf, failingSince }) => ({
    endpoint_id: publicId('endpoint', id),
    state: stateOf,
    failing_since: timeOrNull(failingSince),
  })),
  audit: page.audit.map(auditView),
});
