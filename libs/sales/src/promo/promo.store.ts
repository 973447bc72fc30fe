import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import type { OrderRow } from '../orders/order.entity.js';
import { GUESS_WINDOW_MS, type PromoProblem, promoProblem } from './promo.js';
import type { PromoCodeRow } from './promo.entity.js';

/** A code as one buyer can use it. */
export interface HeldPromo {
  readonly promo: PromoCodeRow;
  /** The reason why this buyer cannot use it now. */
  readonly problem: PromoProblem | undefined;
}

type Use = Pick<OrderRow, 'id' | 'promoCodeId' | 'promoTaken' | 'buyerId'>;

/**
 * Uses of promo codes. A use is taken when an order is approved, together with its unit of stock, and returned when the
 * order ends unpaid or is refunded. Stock is locked before codes.
 */
@Injectable()
export class PromoStore {
  /** Returns the code that a buyer has entered, if any; its product is not checked. */
  held(tx: TenantTx, botId: string, buyerId: number, now: Date): Promise<HeldPromo | undefined> {
    return this.find(
      tx,
      `join promo_wallets w on w.tenant_id = p.tenant_id and w.promo_code_id = p.id
       where p.tenant_id = $1 and w.bot_id = $2 and w.buyer_id = $3`,
      [botId, buyerId],
      now,
    );
  }

  /** Finds a bot's code as its buyers type it. */
  named(tx: TenantTx, botId: string, buyerId: number, code: string, now: Date): Promise<HeldPromo | undefined> {
    return this.find(tx, 'where p.tenant_id = $1 and p.bot_id = $2 and p.code = $4', [botId, buyerId, code], now);
  }

  /**
   * Counts a buyer's attempt before the code is looked up, including each of several concurrent ones.
   * @returns the number of attempts in the current window, including this one
   */
  async countGuess(tx: TenantTx, botId: string, buyerId: number, now: Date): Promise<number> {
    const [row] = await tx.query<{ wrong: number }>(
      `insert into promo_guesses as g (tenant_id, bot_id, buyer_id, since, wrong)
       select tenant_id, bot_id, telegram_id, $4, 1 from buyers where tenant_id = $1 and bot_id = $2 and telegram_id = $3
       on conflict (tenant_id, bot_id, buyer_id) do update
         set wrong = case when g.since > $5 then g.wrong + 1 else 1 end, since = case when g.since > $5 then g.since else $4 end
       returning wrong`,
      [tx.tenantId, botId, buyerId, now, new Date(now.getTime() - GUESS_WINDOW_MS)],
    );
    return row?.wrong ?? 1;
  }

  /** Uncounts an attempt whose code turned out to exist. */
  async forgiveGuess(tx: TenantTx, botId: string, buyerId: number): Promise<void> {
    await tx.query(
      'update promo_guesses set wrong = wrong - 1 where tenant_id = $1 and bot_id = $2 and buyer_id = $3 and wrong > 0',
      [tx.tenantId, botId, buyerId],
    );
  }

  /** Stores this code for the buyer, replacing another. */
  async keep(tx: TenantTx, promo: PromoCodeRow, buyerId: number, now: Date): Promise<void> {
    await tx.query(
      `insert into promo_wallets (tenant_id, bot_id, buyer_id, promo_code_id, entered_at) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, bot_id, buyer_id) do update set promo_code_id = excluded.promo_code_id, entered_at = excluded.entered_at`,
      [tx.tenantId, promo.botId, buyerId, promo.id, now],
    );
  }

  /**
   * Takes a use for an order without one, if its code can be used once more. The caller holds the locks of the order
   * and of its buyer, so concurrent orders of one buyer, and of several buyers, never exceed the number of uses.
   */
  async take(tx: TenantTx, order: Use, now: Date): Promise<boolean> {
    const rows = await tx.query(
      `update promo_codes p set uses = uses + 1
       where p.tenant_id = $1 and p.id = $2 and p.state = 'active'
         and (p.starts_at is null or p.starts_at <= $4) and (p.ends_at is null or p.ends_at > $4)
         and (p.max_uses is null or p.uses < p.max_uses)
         and (p.max_uses_per_buyer is null or p.max_uses_per_buyer > (
           select count(*) from orders o
           where o.tenant_id = $1 and o.promo_code_id = p.id and o.buyer_id = $3 and o.promo_taken))
       returning p.id`,
      [tx.tenantId, order.promoCodeId, order.buyerId, now],
    );
    return rows.length > 0;
  }

  /** Counts a use for an order that was paid without one: the money is real, so the limit may be exceeded. */
  async count(tx: TenantTx, order: Use): Promise<void> {
    if (order.promoCodeId === null || order.promoTaken) return;
    await tx.query('update promo_codes set uses = uses + 1 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      order.promoCodeId,
    ]);
  }

  /** Returns a use. The caller holds the order's lock and records that the order no longer has one. */
  async free(tx: TenantTx, order: Use): Promise<void> {
    if (order.promoCodeId !== null && order.promoTaken) await this.freeUses(tx, order.promoCodeId, 1);
  }

  /** Returns several uses of one code, for orders that the caller has locked. */
  async freeUses(tx: TenantTx, promoCodeId: string, uses: number): Promise<void> {
    await tx.query('update promo_codes set uses = uses - $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      promoCodeId,
      uses,
    ]);
  }

  private async find(
    tx: TenantTx,
    where: string,
    parameters: readonly unknown[],
    now: Date,
  ): Promise<HeldPromo | undefined> {
    const [row] = await tx.query<PromoCodeRow & { usesOfBuyer: number }>(
      `select p.tenant_id as "tenantId", p.id, p.bot_id as "botId", p.code, p.product_id as "productId", p.percent_off as "percentOff",
         p.stars_off as "starsOff", p.max_uses as "maxUses", p.max_uses_per_buyer as "maxUsesPerBuyer", p.starts_at as "startsAt",
         p.ends_at as "endsAt", p.state, p.uses, p.metadata, p.created_at as "createdAt", p.updated_at as "updatedAt",
         (select count(*)::int from orders o
          where o.tenant_id = $1 and o.promo_code_id = p.id and o.buyer_id = $3 and o.promo_taken) as "usesOfBuyer"
       from promo_codes p ${where}`,
      [tx.tenantId, ...parameters],
    );
    if (row === undefined) return undefined;
    const { usesOfBuyer, ...promo } = row;
    return { promo, problem: promoProblem(promo, usesOfBuyer, now) };
  }
}
