import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { newUuid, publicId } from '#libs/kernel';
import type { BalanceFacts, StarSum } from './reconciliation.js';
import { type ReconciliationDetails, ReconciliationRow } from './reconciliation.entity.js';

type TallyName = Exclude<keyof BalanceFacts, 'telegram' | 'ours' | 'others'>;

/**
 * The sums read a bot's complete history: with millions of charges that takes longer than the usual statement timeout.
 */
const FACTS_TIMEOUT_S = 120;

/** Ids shown of each kind; the counts are always complete. */
const SHOWN = 20;

export interface UnscheduledBot {
  readonly tenantId: string;
  readonly botId: string;
  readonly failedLast: boolean;
}

@Injectable()
export class ReconciliationStore {
  async insert(
    tx: TenantTx,
    botId: string,
    trigger: ReconciliationRow['trigger'],
    now: Date,
  ): Promise<ReconciliationRow> {
    const row: ReconciliationRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      botId,
      state: 'running',
      trigger,
      rowsRead: 0,
      rowsNew: 0,
      healedPayments: 0,
      healedRefunds: 0,
      unknownHere: 0,
      unknownThere: 0,
      fullReadBecause: null,
      balanceTelegram: null,
      balanceOurs: null,
      difference: null,
      unexplained: null,
      explanation: null,
      error: null,
      startedAt: now,
      finishedAt: null,
    };
    await tx.manager.insert(ReconciliationRow, row);
    return row;
  }

  running(tx: TenantTx, botId: string): Promise<ReconciliationRow | null> {
    return tx.manager.findOneBy(ReconciliationRow, { tenantId: tx.tenantId, botId, state: 'running' });
  }

  /** Adds to the counters of a running one. */
  async add(tx: TenantTx, id: string, more: Partial<Record<Counter, number>>): Promise<void> {
    const { rowsRead = 0, rowsNew = 0, healedPayments = 0, healedRefunds = 0 } = more;
    await tx.query(
      `update reconciliations set rows_read = rows_read + $3, rows_new = rows_new + $4,
         healed_payments = healed_payments + $5, healed_refunds = healed_refunds + $6
       where tenant_id = $1 and id = $2 and state = 'running'`,
      [tx.tenantId, id, rowsRead, rowsNew, healedPayments, healedRefunds],
    );
  }

  async update(tx: TenantTx, id: string, changes: Partial<ReconciliationRow>): Promise<void> {
    await tx.manager.update(ReconciliationRow, { tenantId: tx.tenantId, id }, changes);
  }

  /** The latest one whose list stood still, so that it could raise an alarm: new differences are compared with it. */
  lastAtRest(tx: TenantTx, botId: string): Promise<ReconciliationRow | null> {
    return tx.manager
      .createQueryBuilder(ReconciliationRow, 'r')
      .where('r.tenantId = :tenantId and r.botId = :botId', { tenantId: tx.tenantId, botId })
      .andWhere(`r.state = 'succeeded' and r.explanation->>'stoodStill' = 'true'`)
      .orderBy('r.id', 'DESC')
      .limit(1)
      .getOne();
  }

  /** Deletes old scheduled reconciliations; requested ones are kept permanently. */
  async forget(tx: TenantTx, botId: string, before: Date): Promise<void> {
    await tx.query(
      `delete from reconciliations
       where tenant_id = $1 and bot_id = $2 and trigger = 'schedule' and state <> 'running' and finished_at < $3`,
      [tx.tenantId, botId, before],
    );
  }

  /** @param old earlier charges count as unknown to Telegram when it does not list them */
  async facts(tx: TenantTx, botId: string, telegram: StarSum, old: Date): Promise<BalanceFacts> {
    await tx.query(`set local statement_timeout = '${FACTS_TIMEOUT_S}s'`);
    const [row] = await tx.query<Omit<BalanceFacts, 'telegram'>>(FACTS, [tx.tenantId, botId, old]);
    if (row === undefined) throw new Error('sums come in one row');
    return { telegram, ...row };
  }

  /** Our charges that Telegram does not list as paid or, once refunded, as refunded; newest first. */
  async unknownThere(tx: TenantTx, botId: string, old: Date): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `with ${MISSING} select id from missing where (no_in and occurred_at <= $3) or (no_out and refunded_at <= $3)
       order by id desc limit ${SHOWN}`,
      [tx.tenantId, botId, old],
    );
    return rows.map((row) => publicId('charge', row.id));
  }

  async unknownHere(
    tx: TenantTx,
    botId: string,
  ): Promise<{ readonly count: number; readonly shown: ReconciliationDetails['unknownHere'] }> {
    const rows = await tx.query<ReconciliationDetails['unknownHere'][number] & { count: number }>(
      `select id, direction, problem, (count(*) over ())::int as count from star_transactions
       where tenant_id = $1 and bot_id = $2 and not settled and problem is not null order by position desc limit ${SHOWN}`,
      [tx.tenantId, botId],
    );
    return {
      count: rows[0]?.count ?? 0,
      shown: rows.map(({ id, direction, problem }) => ({ id, direction, problem })),
    };
  }

  /** True when the list contains something that may still arrive as an update, or that has not been tried yet. */
  async hasOpen(tx: TenantTx, botId: string): Promise<boolean> {
    const rows = await tx.query(
      `select from star_transactions where tenant_id = $1 and bot_id = $2 and not settled and problem is null limit 1`,
      [tx.tenantId, botId],
    );
    return rows.length > 0;
  }

  /** True when a buyer has since unlocked paid media and the charge is not known. */
  async awaitsCharge(tx: TenantTx, botId: string, since: Date): Promise<boolean> {
    const rows = await tx.query(
      `select from orders where tenant_id = $1 and bot_id = $2 and unlocked_at is not null and unlocked_at > $3
         and state not in ('paid', 'refunded') limit 1`,
      [tx.tenantId, botId, since],
    );
    return rows.length > 0;
  }

  /** Working bots that would never be reconciled, because they have no job. */
  unscheduled(tx: PlatformTx, limit: number, changedSince?: Date): Promise<UnscheduledBot[]> {
    return tx.query<UnscheduledBot>(
      `select b.tenant_id as "tenantId", b.id as "botId", coalesce(r.state = 'failed', false) as "failedLast"
       from bots b
       left join lateral (
         select state from reconciliations where tenant_id = b.tenant_id and bot_id = b.id order by id desc limit 1
       ) r on true
       where b.state in ('active', 'paused', 'removing') and ${changedSince === undefined ? '$2::timestamptz is null' : 'b.updated_at > $2'} and not exists (
         select from jobs j where j.tenant_id = b.tenant_id and j.kind = 'bot.reconcile' and j.subject = b.id
           and j.state = 'waiting')
       limit $1`,
      [limit, changedSince ?? null],
    );
  }
}

export type Counter = 'rowsRead' | 'rowsNew' | 'healedPayments' | 'healedRefunds';

const MISSING = `missing as (
  select c.id, c.stars, c.occurred_at, r.updated_at as refunded_at, i.id is null as no_in,
    c.state = 'refunded' and o.id is null as no_out
  from charges c
  left join star_transactions i on i.tenant_id = c.tenant_id and i.bot_id = c.bot_id and i.id = c.telegram_charge_id
    and i.direction = 'in'
  left join star_transactions o on o.tenant_id = c.tenant_id and o.bot_id = c.bot_id and o.id = c.telegram_charge_id
    and o.direction = 'out'
  left join refunds r on r.tenant_id = c.tenant_id and r.charge_id = c.id and r.state = 'refunded'
  where c.tenant_id = $1 and c.bot_id = $2 and (i.id is null or (c.state = 'refunded' and o.id is null))
)`;

/** A column with the rows that meet a condition, added up. */
const tally = (name: TallyName, isTrue: string, stars: string, nanostars = '0') =>
  `json_build_object('count', count(*) filter (where ${isTrue}), 'stars', coalesce(sum(${stars}) filter (where ${isTrue}), 0),
    'nanostars', coalesce(sum(${nanostars}) filter (where ${isTrue}), 0)) as "${name}"`;

// One statement, so that a concurrent change affects all of it or none of it. One row, with a column for each fact.
const FACTS = `
with ${MISSING}, sales as (
  select s.direction, s.amount, s.nanostars, c.id as charge_id, c.stars, c.state,
    case s.direction when 'in' then 1 else -1 end as sign
  from star_transactions s
  left join charges c on c.tenant_id = s.tenant_id and c.bot_id = s.bot_id and c.telegram_charge_id = s.id
  where s.tenant_id = $1 and s.bot_id = $2 and s.kind in ('invoice_payment', 'paid_media_payment')
), others as (
  select kind, direction, withdrawal, count(*) as count, sum(amount) as stars, sum(nanostars) as nanostars
  from star_transactions
  where tenant_id = $1 and bot_id = $2 and kind not in ('invoice_payment', 'paid_media_payment')
  group by kind, direction, withdrawal
)
select listed.*, unlisted.*, (select coalesce(json_agg(others), '[]') from others) as others,
  (select coalesce(sum(stars), 0)::bigint from ledger_entries
   where tenant_id = $1 and bot_id = $2 and account = 'telegram') as ours
from (select
  ${tally('paymentsNotRecorded', `direction = 'in' and charge_id is null`, 'amount', 'nanostars')},
  ${tally('refundsNotRecorded', `direction = 'out' and state is distinct from 'refunded'`, 'amount', 'nanostars')},
  ${tally('amountsDiffer', `(direction = 'in' or state = 'refunded') and (amount <> stars or nanostars <> 0)`, 'sign * (amount - stars)', 'sign * nanostars')}
  from sales) listed,
(select
  ${tally('chargesNotListed', 'no_in and occurred_at <= $3', 'stars')},
  ${tally('chargesNotListedYet', 'no_in and occurred_at > $3', 'stars')},
  ${tally('refundsNotListed', 'no_out and refunded_at <= $3', 'stars')},
  ${tally('refundsNotListedYet', 'no_out and refunded_at > $3', 'stars')}
  from missing) unlisted`;
