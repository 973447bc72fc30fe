import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { type AuditEntry, AuditStore } from '#libs/journal';
import { type Clock, DAY, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { refundIsOpen } from '#libs/sales';
import type { BotState, Role, TenantState } from '#libs/tenants';

const SALES_DAYS = 30;
/** Limit per kind; the counts are complete. */
const SHOWN = 20;

export interface TenantMoveFacts {
  readonly from: TenantState;
  readonly to: TenantState;
  readonly reason: string | null;
  readonly reviewAt: Date | null;
  readonly staffId: string | null;
  readonly at: Date;
}

export interface OpenRefund {
  readonly id: string;
  readonly orderId: string | null;
  readonly state: string;
  readonly stars: number;
  readonly buyerId: number;
  readonly createdAt: Date;
}

/** The current state of one workspace. */
export interface TenantPage {
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly state: TenantState;
    readonly createdAt: Date;
  };
  readonly members: readonly { readonly accountId: string; readonly email: string; readonly role: Role }[];
  readonly bots: readonly {
    readonly id: string;
    readonly telegramId: number;
    readonly username: string;
    readonly state: BotState;
    readonly stoppedAt: Date | null;
    readonly stoppedBecause: string | null;
    readonly reconciledAt: Date | null;
    readonly reconciliation: string | null;
  }[];
  readonly sales: {
    readonly orders: number;
    readonly stars: number;
    readonly refunds: number;
    readonly refunded: number;
  };
  readonly openRefunds: readonly OpenRefund[];
  readonly waiting: { readonly refunds: number; readonly parkedUpdates: number; readonly parkedJobs: number };
  readonly endpoints: readonly { readonly id: string; readonly state: string; readonly failingSince: Date | null }[];
  readonly moves: readonly TenantMoveFacts[];
  readonly notes: readonly { readonly staffId: string; readonly note: string; readonly at: Date }[];
  readonly audit: readonly AuditEntry[];
}

/** The overview of a workspace, for staff. */
@Injectable()
export class TenantPages {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NotFound */
  async of(tenantId: string): Promise<TenantPage> {
    const since = new Date(this.clock.now().getTime() - SALES_DAYS * DAY);
    return this.db.inPlatform('staff read the page of one workspace', async (platform) => {
      const tx = platform.asTenant(tenantId);
      const one = <Row>(sql: string, ...more: unknown[]) => tx.query<Row>(sql, [tenantId, ...more]);
      const [tenants, members, bots, sales, openRefunds, waiting, endpoints, moves, notes, audit] = await Promise.all([
        one<TenantPage['tenant']>('select id, name, state, created_at as "createdAt" from tenants where id = $1'),
        one<TenantPage['members'][number]>(MEMBERS),
        one<TenantPage['bots'][number]>(BOTS),
        one<TenantPage['sales']>(SALES, since),
        one<OpenRefund>(OPEN_REFUNDS, SHOWN),
        one<TenantPage['waiting']>(WAITING),
        one<TenantPage['endpoints'][number]>(FAILING, SHOWN),
        one<TenantMoveFacts>(MOVES, SHOWN),
        one<TenantPage['notes'][number]>(NOTES, SHOWN),
        this.tail(tx),
      ]);
      const [tenant, sold, waits] = [tenants[0], sales[0], waiting[0]];
      if (tenant === undefined || sold === undefined || waits === undefined) throw new NotFound('workspace');
      return { tenant, members, bots, sales: sold, openRefunds, waiting: waits, endpoints, moves, notes, audit };
    });
  }

  private async tail(tx: TenantTx): Promise<AuditEntry[]> {
    return (await this.audit.list(tx, { limit: SHOWN })).slice(0, SHOWN);
  }
}

const MEMBERS = `
select m.account_id as "accountId", a.email, m.role from memberships m join accounts a on a.id = m.account_id
where m.tenant_id = $1 order by m.created_at, m.account_id limit 100`;

const BOTS = `
select b.id, b.telegram_id as "telegramId", b.username, b.state, b.stopped_at as "stoppedAt", b.stopped_because as "stoppedBecause",
  r.finished_at as "reconciledAt", r.state as reconciliation
from bots b left join lateral (
  select finished_at, state from reconciliations r where r.tenant_id = b.tenant_id and r.bot_id = b.id order by r.id desc limit 1
) r on true
where b.tenant_id = $1 order by b.id desc limit 100`;

const SALES = `
select count(*) filter (where cause = 'charge')::int as orders,
       coalesce(sum(stars) filter (where cause = 'charge'), 0)::bigint as stars,
       count(*) filter (where cause = 'refund')::int as refunds,
       coalesce(-sum(stars) filter (where cause = 'refund'), 0)::bigint as refunded
from bots b join ledger_entries l on l.tenant_id = b.tenant_id and l.bot_id = b.id
where b.tenant_id = $1 and l.account = 'telegram' and l.created_at >= $2`;

const OPEN_REFUNDS = `
select r.id, r.order_id as "orderId", r.state, c.stars, c.buyer_id as "buyerId", r.created_at as "createdAt"
from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
where r.tenant_id = $1 and ${refundIsOpen('r')} order by r.id limit $2`;

const WAITING = `
select (select count(*)::int from refunds r where r.tenant_id = $1 and ${refundIsOpen('r')}) as refunds,
       (select count(*)::int from inbox where tenant_id = $1 and state = 'parked') as "parkedUpdates",
       (select count(*)::int from jobs where tenant_id = $1 and state = 'parked') as "parkedJobs"`;

const FAILING = `
select id, state, failing_since as "failingSince" from endpoints
where tenant_id = $1 and (state <> 'enabled' or failing_since is not null) order by id limit $2`;

const MOVES = `
select from_state as "from", to_state as "to", reason, review_at as "reviewAt", staff_id as "staffId", created_at as at
from tenant_state_entries where tenant_id = $1 order by id desc limit $2`;

const NOTES = `
select staff_id as "staffId", note, created_at as at from staff_note_entries where owner_tenant = $1 order by id desc limit $2`;
