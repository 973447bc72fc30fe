import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore, type NewJob } from '#libs/journal';
import { SECOND } from '#libs/kernel';
import { stateOfTenant, type TenantState } from '#libs/tenants';
import { FulfilmentRow } from './fulfilment.entity.js';
import { OrderRow } from '../orders/order.entity.js';

/** The facts that a creator's server needs to make the goods of an order. */
export interface FulfilmentOrder {
  readonly order: OrderRow;
  readonly product: {
    readonly id: string;
    readonly title: string;
    readonly url: string;
    readonly metadata: Readonly<Record<string, string>>;
    /** For a paid command, without its slash. */
    readonly command: string | null;
  };
  readonly languageCode: string | null;
  readonly tenantState: TenantState;
  /** The address to fetch the goods from, instead of calling the server. */
  readonly goodsUrl: string | null;
}

/** A message for the buyer. */
export interface FulfilmentNotice {
  readonly botId: string;
  readonly buyerId: number;
  readonly languageCode: string | null;
  readonly productId: string;
  readonly title: string;
  readonly about: 'generating' | 'failed' | 'undelivered' | 'refunding' | 'credits_back';
  /** The returned credits, for `credits_back`. */
  readonly creditUnit: string | null;
  readonly creditAmount: number | null;
}

type FulfilmentFields = Omit<FulfilmentOrder, 'order' | 'product'> & FulfilmentOrder['product'];

/** Fulfilments and their jobs. An order's row is locked before its fulfilment's. */
@Injectable()
export class FulfilmentStore {
  constructor(private readonly jobs: JobStore) {}

  /**
   * Opens the fulfilment of a paid order whose goods the creator's server makes: the server is called, and the deadline
   * starts.
   */
  async open(tx: TenantTx, order: { readonly id: string; readonly productId: string }, now: Date): Promise<void> {
    const rows = await tx.query<{ deadlineAt: Date }>(
      `insert into fulfilments (tenant_id, order_id, state, deadline_at, refund_at_deadline, created_at, updated_at)
       select p.tenant_id, $3, 'requested', $4::timestamptz + make_interval(secs => p.fulfilment_deadline_seconds),
         p.refund_at_deadline, $4, $4
       from products p where p.tenant_id = $1 and p.id = $2 and p.fulfilment_deadline_seconds is not null
       returning deadline_at as "deadlineAt"`,
      [tx.tenantId, order.productId, order.id, now],
    );
    const opened = rows[0];
    if (opened !== undefined) await this.jobs.enqueue(tx, jobsOf(order, opened.deadlineAt));
  }

  async find(tx: TenantTx, orderId: string): Promise<FulfilmentRow | undefined> {
    return (await tx.manager.findOneBy(FulfilmentRow, { tenantId: tx.tenantId, orderId })) ?? undefined;
  }

  /** Stores changes; the caller holds the order's lock. */
  async update(tx: TenantTx, row: FulfilmentRow, changes: Partial<FulfilmentRow>, now: Date): Promise<FulfilmentRow> {
    const written = { ...changes, updatedAt: now };
    await tx.manager.update(FulfilmentRow, { tenantId: tx.tenantId, orderId: row.orderId }, written);
    return { ...row, ...written };
  }

  /** Returns a new deadline, by the product's current duration. */
  async deadlineFrom(tx: TenantTx, productId: string, now: Date): Promise<Date> {
    const rows = await tx.query<{ seconds: number }>(
      'select fulfilment_deadline_seconds as seconds from products where tenant_id = $1 and id = $2',
      [tx.tenantId, productId],
    );
    return new Date(now.getTime() + (rows[0]?.seconds ?? 0) * SECOND);
  }

  /**
   * @returns undefined if nothing has to be made: the goods were made, given up or refunded, or the deadline has passed
   */
  async toMake(tx: TenantTx, orderId: string, now: Date): Promise<FulfilmentOrder | undefined> {
    const { tenantId } = tx;
    const rows = await tx.query<FulfilmentFields>(
      `select p.id, p.title, p.fulfilment_url as url, p.metadata, k.command, b.language_code as "languageCode", ${stateOfTenant('q', 't')} as "tenantState",
         f.goods_url as "goodsUrl"
       from fulfilments f
       join orders o on o.tenant_id = f.tenant_id and o.id = f.order_id and o.state = 'paid' and o.delivery <> 'delivered'
       left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order' and c.state = 'paid'
       join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       left join paid_commands k on k.tenant_id = p.tenant_id and k.product_id = p.id
       join buyers b on b.tenant_id = o.tenant_id and b.bot_id = o.bot_id and b.telegram_id = o.buyer_id
       join bots q on q.tenant_id = o.tenant_id and q.id = o.bot_id
       join tenants t on t.id = f.tenant_id
       where f.tenant_id = $1 and f.order_id = $2 and f.state in ('requested', 'generating') and f.deadline_at > $3
         and (c.id is not null or o.billing = 'credits')`,
      [tenantId, orderId, now],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const order = await tx.manager.findOneByOrFail(OrderRow, { tenantId, id: orderId });
    const { languageCode, tenantState, goodsUrl, ...product } = row;
    return { order, product, languageCode, tenantState, goodsUrl };
  }

  /**
   * A refund requested by the creator was not promised to the buyer, who is told when it has succeeded.
   * @returns undefined if there is nothing to tell the buyer: the goods were made, or are being delivered
   */
  async notice(tx: TenantTx, orderId: string): Promise<FulfilmentNotice | undefined> {
    const rows = await tx.query<FulfilmentNotice>(
      `select o.bot_id as "botId", o.buyer_id as "buyerId", y.language_code as "languageCode", p.id as "productId", p.title,
         case when f.state in ('requested', 'generating') then 'generating'
           when o.billing = 'credits' and o.state = 'refunded' then 'credits_back'
           when f.order_id is null then 'undelivered'
           when c.state = 'refunded' or exists (select from refunds r where r.tenant_id = c.tenant_id and r.charge_id = c.id
             and r.state <> 'failed' and r.requested_by = 'system') then 'refunding'
           else 'failed' end as about,
         o.credit_unit as "creditUnit", o.credit_amount as "creditAmount"
       from orders o
       left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id
       join buyers y on y.tenant_id = o.tenant_id and y.bot_id = o.bot_id and y.telegram_id = o.buyer_id
       left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order'
       join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where o.tenant_id = $1 and o.id = $2 and o.state in ('paid', 'refunded') and o.delivery <> 'delivered'
         and case coalesce(f.state, 'ready') when 'failed' then true when 'ready' then o.delivery = 'failed' or (o.billing = 'credits' and o.state = 'refunded')
           else o.state = 'paid' and (c.state = 'paid' or o.billing = 'credits') end`,
      [tx.tenantId, orderId],
    );
    return rows[0];
  }

  async hasFile(tx: TenantTx, fileId: string): Promise<boolean> {
    const rows = await tx.query('select 1 from files where tenant_id = $1 and id = $2', [tx.tenantId, fileId]);
    return rows.length > 0;
  }
}

/** Requests for one product are serialised, so that a slow server is not overloaded. */
export const jobsOf = (order: { readonly id: string; readonly productId: string }, deadlineAt: Date): NewJob[] => [
  { kind: 'order.fulfil', subject: order.id, lane: order.productId },
  { kind: 'fulfilment.deadline', subject: order.id, dueAt: deadlineAt },
];
