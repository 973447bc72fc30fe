import type { Context } from 'grammy';
import type { TenantTx } from '#libs/database';
import type { ClaimedUpdate } from '#libs/journal';
import { CAN, type OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';

/** @param orderId the order that the update was about, for the order's history */
export type Mark = (orderId: string | undefined) => Promise<unknown>;

export interface Settled<T> {
  readonly result: T;
  /** See {@link Mark}. */
  readonly orderId?: string | undefined;
}

/** The context of handling one stored update, for one bot of one tenant. */
export interface ChatScope {
  readonly bot: OpenBot;
  readonly update: ClaimedUpdate;
  /**
   * One transaction that also marks the update as handled: both commit together or not at all. `work` may call `mark` to
   * send the mark together with its own statements.
   */
  readonly settle: <T>(work: (tx: TenantTx, mark: Mark) => Promise<Settled<T>>) => Promise<T>;
  /** A transaction for idempotent work. */
  readonly inTenant: <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>;
}

/** A grammY context with the bot, the tenant, and the texts for the person. */
export type ShopContext = Context & { scope: ChatScope; words: Phrasebook };

/** True when the bot sells anything at the moment. */
export const isOpen = (bot: OpenBot) => bot.state === 'active' && CAN[bot.tenantState].sell;

/** Thrown when a retry cannot help: the update is parked at once, for staff to see. */
export class PermanentFailure extends Error {}
