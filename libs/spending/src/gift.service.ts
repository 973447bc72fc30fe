import { Injectable } from '@nestjs/common';
import type { Gift } from 'grammy/types';
import { NotFound } from '#libs/kernel';
import { BotCalls, BotService, type OpenBot } from '#libs/tenants';
import { quoteGift } from './gift.js';
import { type Consent, PREMIUM, type PremiumMonths } from './spending.js';
import type { SpendingRow } from './spending.entity.js';
import { SpendingService } from './spending.service.js';

/** The caller, and the idempotency key of the request. */
export interface Asker {
  readonly tenantId: string;
  readonly key: string;
  readonly by: string;
}

export interface GiftWish extends Consent {
  readonly giftId: string;
  readonly personId: number;
  readonly payForUpgrade: boolean;
  readonly text: string | undefined;
}

export interface PremiumWish extends Consent {
  readonly personId: number;
  readonly months: PremiumMonths;
  readonly text: string | undefined;
}

/** Gives gifts that a bot pays for from its balance. */
@Injectable()
export class GiftService {
  constructor(
    private readonly bots: BotService,
    private readonly calls: BotCalls,
    private readonly spendings: SpendingService,
  ) {}

  /** Gifts that Telegram sells now. @throws NotFound, and the errors of {@link BotCalls.ask} */
  async available(tenantId: string, botId: string): Promise<readonly Gift[]> {
    await this.bots.get(tenantId, botId);
    return this.shelf(await this.calls.open(tenantId, botId));
  }

  /** @throws GiftUnusable, NotFound when there is no such gift, and the errors of {@link SpendingService.once} */
  async give({ tenantId, key, by }: Asker, botId: string, wish: GiftWish): Promise<SpendingRow> {
    const { giftId, personId, payForUpgrade, text } = wish;
    const details = { gift_id: giftId, pay_for_upgrade: payForUpgrade, ...worded(text) };
    const spending = { ...wish, kind: 'gift', botId, connectionId: null, key, by, details } as const;
    return this.spendings.once(tenantId, spending, async (bot) => {
      const gift = (await this.shelf(bot)).find(({ id }) => id === giftId);
      if (gift === undefined) throw new NotFound('gift');
      const other = { ...worded(text), ...(payForUpgrade ? { pay_for_upgrade: true } : {}) };
      return { ...quoteGift(gift, payForUpgrade), call: (api) => api.sendGift(personId, giftId, other) };
    });
  }

  /** @throws the errors of {@link SpendingService.once} */
  async givePremium({ tenantId, key, by }: Asker, botId: string, wish: PremiumWish): Promise<SpendingRow> {
    const { personId, months, text } = wish;
    const details = { months, ...worded(text) };
    const spending = { ...wish, kind: 'premium', botId, connectionId: null, key, by, details } as const;
    const stars = PREMIUM[months];
    return this.spendings.once(tenantId, spending, () =>
      Promise.resolve({ stars, call: (api) => api.giftPremiumSubscription(personId, months, stars, worded(text)) }),
    );
  }

  private async shelf(bot: OpenBot): Promise<readonly Gift[]> {
    return (await this.calls.ask(bot, (api) => api.getAvailableGifts())).gifts;
  }
}

const worded = (text: string | undefined) => (text === undefined ? {} : { text });
