import { answered, type Schema } from '#libs/client';
import { staffApi } from '../api/client';
import type { Permission } from '../api/me';
import type { Trouble } from './queries';

/** A step of the API's `actions`, by the name of its operation. */
export interface Step {
  readonly permission: Permission;
  /** True for an action that ends all further attempts. */
  readonly isDangerous?: true;
  readonly take: (trouble: Trouble, reason: string) => Promise<unknown>;
}

const inTenant = ({ tenant_id }: Trouble) => ({ params: { path: { tenant_id } } });
const ofBot = ({ tenant_id, subject }: Trouble) => ({ params: { path: { tenant_id, bot_id: subject } } });

const updateIn = ({ bot_id: bot, subject }: Trouble, reason: string) => ({
  body: { bot_id: bot ?? '', update_id: Number(subject), reason },
});
const jobIn = ({ detail, subject }: Trouble, reason: string) => ({
  body: { kind: detail as Schema<'JobAction'>['kind'], subject, reason },
});

export const STEPS = {
  staff_repairs_replay_update: {
    permission: 'operations:write',
    take: (it, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/updates/replay', { ...inTenant(it), ...updateIn(it, reason) }),
      ),
  },
  staff_repairs_resolve_update: {
    permission: 'operations:write',
    isDangerous: true,
    take: (it, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/updates/resolve', { ...inTenant(it), ...updateIn(it, reason) }),
      ),
  },
  staff_repairs_retry_job: {
    permission: 'operations:write',
    take: (it, reason) =>
      answered(staffApi.POST('/v1/staff/tenants/{tenant_id}/jobs/retry', { ...inTenant(it), ...jobIn(it, reason) })),
  },
  staff_repairs_resolve_job: {
    permission: 'operations:write',
    isDangerous: true,
    take: (it, reason) =>
      answered(staffApi.POST('/v1/staff/tenants/{tenant_id}/jobs/resolve', { ...inTenant(it), ...jobIn(it, reason) })),
  },
  staff_repairs_retry_order: {
    permission: 'operations:write',
    take: ({ tenant_id, subject }, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/orders/{order_id}/retry', {
          params: { path: { tenant_id, order_id: subject } },
          body: { reason },
        }),
      ),
  },
  staff_repairs_retry_refund: {
    permission: 'operations:write',
    take: ({ tenant_id, subject }, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/refunds/{refund_id}/retry', {
          params: { path: { tenant_id, refund_id: subject } },
          body: { reason },
        }),
      ),
  },
  staff_repairs_look_at_webhook: {
    permission: 'operations:write',
    take: (it, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/bots/{bot_id}/look-at-webhook', {
          ...ofBot(it),
          body: { reason },
        }),
      ),
  },
  staff_repairs_reconcile: {
    permission: 'operations:write',
    take: (it, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/bots/{bot_id}/reconcile', { ...ofBot(it), body: { reason } }),
      ),
  },
  staff_kill_switch_release_bot: {
    permission: 'tenants:restrict',
    take: (it, reason) =>
      answered(
        staffApi.POST('/v1/staff/tenants/{tenant_id}/bots/{bot_id}/release', { ...ofBot(it), body: { reason } }),
      ),
  },
} as const satisfies Readonly<Record<string, Step>>;

export type StepName = keyof typeof STEPS;

/** False for an operation that this console does not know yet. */
export const isStep = (name: string): name is StepName => name in STEPS;
