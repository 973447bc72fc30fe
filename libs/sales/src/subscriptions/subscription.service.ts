import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { mayMove, NotFound } from '#libs/kernel';
import {
  byReport,
  type CanceledBy,
  REPORT_EVENTS,
  reported,
  SUBSCRIPTION_MOVES,
  SubscriptionOver,
  type SubscriptionReport,
  SubscriptionUnnamed,
  type SubscriptionWish,
} from './subscription.js';
import type { SubscriptionRow } from './subscription.entity.js';
import { SubscriptionStore } from './subscription.store.js';

/** The pending request to Telegram. */
export interface SubscriptionEdit {
  readonly wish: SubscriptionWish;
  readonly botId: string;
  readonly buyerId: number;
  /** Bot API, editUserStarSubscription: the charge id of the first payment identifies the subscription. */
  readonly firstChargeId: string;
}

/**
 * Changes of a subscription other than payments: cancellation, resumption, Telegram's reports, refunds, and the end.
 */
@Injectable()
export class SubscriptionService {
  constructor(private readonly store: SubscriptionStore) {}

  /**
   * Asks Telegram to stop charging; access lasts to the end of the paid time. Stores the intent; a job makes the call.
   * Idempotent.
   * @throws NotFound, SubscriptionOver; SubscriptionUnnamed while Telegram's name for it is not known
   */
  cancel(tx: TenantTx, id: string, by: Exclude<CanceledBy, 'telegram'>, now: Date): Promise<SubscriptionRow> {
    return this.ask(tx, id, 'cancel', by, now);
  }

  /**
   * Lets the buyer enable the renewal again, in Telegram's own settings: this alone does not resume it (Bot API,
   * editUserStarSubscription). Idempotent.
   * @throws NotFound, SubscriptionOver, SubscriptionUnnamed
   */
  resume(tx: TenantTx, id: string, now: Date): Promise<SubscriptionRow> {
    return this.ask(tx, id, 'resume', null, now);
  }

  /**
   * Asks Telegram to stop charging for some subscriptions of a bot that is being removed. Access lasts to the end of
   * the paid time.
   * @returns their number; less than `limit` when all have been requested
   */
  async stopSome(tx: TenantTx, botId: string, limit: number, now: Date): Promise<number> {
    const ids = await this.store.toStop(tx, botId, limit);
    for (const id of ids) {
      const known = await this.store.lock(tx, id);
      if (known === undefined || known.locked) continue;
      const renews = known.state === 'active' || known.state === 'past_due';
      const changes = {
        wish: 'cancel',
        wishFailure: null,
        ...(renews ? ({ canceledBy: 'removal' } as const) : {}),
      } as const;
      await this.store.change(tx, known, changes, 'subscription.updated', now);
    }
    return ids.length;
  }

  /** Makes {@link stopSome} retry stops that Telegram refused. */
  retryStops(tx: TenantTx, botId: string): Promise<void> {
    return this.store.forgetFailures(tx, botId);
  }

  /**
   * Applies Telegram's report about the subscription of this payload. Before its first payment is recorded, the report
   * is stored with the order, and applied when the payment arrives. After its end it is stored as well: a late payment
   * may revive it.
   * @returns undefined when it is not ours, or changes nothing now
   */
  async report(
    tx: TenantTx,
    of: { readonly botId: string; readonly buyerId: number; readonly id: string },
    report: SubscriptionReport,
    now: Date,
  ): Promise<SubscriptionRow | undefined> {
    // The lock serialises this with a payment of the order.
    const order = await this.store.lockOrder(tx, of);
    if (order === undefined) return undefined;
    const known = await this.store.lock(tx, of.id);
    if (known === undefined) {
      await this.store.keepReport(tx, order, report, now);
      return undefined;
    }
    const state = reported(known.state, report);
    if (state !== undefined) {
      return this.store.change(tx, known, byReport(state, known, now), REPORT_EVENTS[report], now);
    }
    if (known.state === 'ended') await this.noteAfterEnd(tx, known, report, now);
    return undefined;
  }

  /** Records whether it will renew if a late payment revives it. A renewal that we have switched off stays off. */
  private async noteAfterEnd(
    tx: TenantTx,
    known: SubscriptionRow,
    report: SubscriptionReport,
    now: Date,
  ): Promise<void> {
    if (report === 'canceled' && known.canceledAt === null) {
      const changes = { canceledAt: now, canceledBy: known.canceledBy ?? ('buyer' as const) };
      await this.store.change(tx, known, changes, 'subscription.updated', now);
    }
    if (report === 'active' && known.canceledAt !== null && !known.locked)
      await this.store.change(tx, known, { canceledAt: null, canceledBy: null }, 'subscription.updated', now);
  }

  /**
   * The pending request to Telegram; undefined when there is none, `unnamed` when Telegram's name for it is not known
   * yet.
   */
  async edit(tx: TenantTx, id: string): Promise<SubscriptionEdit | 'unnamed' | undefined> {
    const known = await this.store.lock(tx, id);
    if (known === undefined || known.wish === null) return undefined;
    const { wish, botId, buyerId, firstChargeId } = known;
    return firstChargeId === null ? 'unnamed' : { wish, botId, buyerId, firstChargeId };
  }

  /** Records that Telegram has carried out the request. Idempotent; keeps a different request made meanwhile. */
  async edited(tx: TenantTx, id: string, wish: SubscriptionWish, now: Date): Promise<void> {
    const known = await this.store.lock(tx, id);
    if (known?.wish !== wish) return;
    const locked = wish === 'cancel';
    // An ended subscription stays ended, and later payments do not make it renew.
    const stops = locked && known.state !== 'ended' && mayMove(SUBSCRIPTION_MOVES, known.state, 'canceled');
    const changes = {
      wish: null,
      wishFailure: null,
      locked,
      canceledAt: locked ? (known.canceledAt ?? now) : known.canceledAt,
      ...(stops ? { state: 'canceled' as const } : {}),
    };
    await this.store.change(tx, known, changes, stops ? 'subscription.canceled' : 'subscription.updated', now);
  }

  /** Records that Telegram has refused the request permanently. The creator is told why and may request it again. */
  async editFailed(tx: TenantTx, id: string, wish: SubscriptionWish, why: string, now: Date): Promise<void> {
    const known = await this.store.lock(tx, id);
    if (known?.wish !== wish) return;
    await this.store.change(tx, known, { wish: null, wishFailure: why }, 'subscription.updated', now);
  }

  /** Ends it if it is due. @returns true if it has ended now */
  async end(tx: TenantTx, id: string, now: Date): Promise<boolean> {
    const known = await this.store.lock(tx, id);
    if (known === undefined || known.state === 'ended' || known.accessUntil > now) return false;
    await this.store.change(tx, known, { state: 'ended', endedAt: now }, 'subscription.ended', now);
    return true;
  }

  /**
   * Records that the buyer was reminded of this end, told about it because of the bot's removal, or invited to come
   * back.
   */
  async told(tx: TenantTx, id: string, what: 'remind' | 'farewell' | 'win_back', now: Date): Promise<void> {
    const known = await this.store.lock(tx, id);
    if (known === undefined) return;
    const { paidUntil } = known;
    const changes = {
      remind: { remindedUntil: paidUntil },
      farewell: { farewellUntil: paidUntil },
      win_back: { wonBackAt: now },
    };
    await this.store.mark(tx, known, changes[what]);
  }

  /**
   * Recomputes access after one of its payments is refunded, or that refund failed: access follows from the other
   * payments, and Telegram is asked to stop charging. The caller holds the locks of order and charge.
   */
  async afterRefund(tx: TenantTx, id: string, goesBack: boolean, now: Date): Promise<void> {
    const known = await this.store.lock(tx, id);
    if (known === undefined) return;
    const left = await this.store.paidUntil(tx, id);
    const wish =
      goesBack && !known.locked && known.wish !== 'cancel' ? ({ wish: 'cancel', canceledBy: 'refund' } as const) : {};
    if (left === undefined || left <= now) {
      const ended = { ...wish, state: 'ended', paidUntil: left ?? now, endedAt: known.endedAt ?? now } as const;
      await this.store.change(
        tx,
        known,
        ended,
        known.state === 'ended' ? 'subscription.updated' : 'subscription.ended',
        now,
      );
      return;
    }
    const revived =
      known.state === 'ended'
        ? ({ state: 'canceled', endedAt: null, canceledAt: known.canceledAt ?? now } as const)
        : {};
    await this.store.change(tx, known, { ...wish, ...revived, paidUntil: left }, 'subscription.updated', now);
  }

  private async ask(
    tx: TenantTx,
    id: string,
    wish: SubscriptionWish,
    by: CanceledBy | null,
    now: Date,
  ): Promise<SubscriptionRow> {
    const known = await this.store.lock(tx, id);
    if (known === undefined) throw new NotFound('subscription');
    if (known.state === 'ended') throw new SubscriptionOver();
    if (known.firstChargeId === null) throw new SubscriptionUnnamed();
    const isSo = wish === 'cancel' ? known.locked : !known.locked;
    if (known.wish === wish || (known.wish === null && isSo)) return known;
    const canceledBy = by ?? known.canceledBy;
    return this.store.change(tx, known, { wish, wishFailure: null, canceledBy }, 'subscription.updated', now);
  }
}
