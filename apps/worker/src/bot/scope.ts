import type { Context } from 'grammy';
import type { TenantTx } from '#libs/database';
import type { ClaimedUpdate } from '#libs/journal';
import { CAN, type OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';

/** One stored update being worked on, for one bot of one tenant. */
export interface ChatScope {
  readonly bot: OpenBot;
  readonly update: ClaimedUpdate;
  /**
   * One transaction that also marks the update as handled: its effects and the mark commit together or not at all.
   * @param orderId the order the update was about, for the order's history
   */
  readonly settle: <T>(
    work: (tx: TenantTx) => Promise<{ readonly result: T; readonly orderId?: string | undefined }>,
  ) => Promise<T>;
  /** A transaction for work that is harmless when it is done again. */
  readonly inTenant: <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>;
}

/** A grammY context that knows whose bot it is, and how to speak to the person. */
export type ShopContext = Context & { scope: ChatScope; words: Phrasebook };

/** Whether the bot sells anything at all at the moment. */
export const isOpen = (bot: OpenBot) => bot.state === 'active' && CAN[bot.tenantState].sell;

/** No later try can end differently: the update is parked at once, for staff to see. */
export class Hopeless extends Error {}
