import { Inject, Injectable } from '@nestjs/common';
import type { OwnedGift, OwnedGifts, StarAmount } from 'grammy/types';
import { Database } from '#libs/database';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotCalls, type OpenBot } from '#libs/tenants';
import { assertRights, type MoneyRight } from './business.js';
import type { BusinessConnectionRow } from './business-connection.entity.js';
import { BusinessConnections } from './business-connection.service.js';
import { quoteConversion, quoteGiftTransfer, quoteUpgrade } from './gift.js';
import type { Asker } from './gift.service.js';
import type { Consent, Quote, SpendingKind } from './spending.js';
import type { SpendingRow } from './spending.entity.js';
import { type Plan, SpendingService } from './spending.service.js';

export interface GiftPage {
  /** At most 100 (Bot API, getBusinessAccountGifts). */
  readonly limit: number;
  /** The end of the previous page. */
  readonly offset: string | undefined;
}

type Owned = Consent & { readonly ownedGiftId: string };

/** Maximum number of pages that are searched for a gift. */
const PAGES = 20;
const PAGE = 100;
const VIEW = 'can_view_gifts_and_stars';

/**
 * Runs a bot's actions on the Stars and gifts of an account that has connected it. The rights are read from Telegram
 * each time, since the account's owner may change them at any time.
 */
@Injectable()
export class BusinessAccounts {
  constructor(
    private readonly db: Database,
    private readonly connections: BusinessConnections,
    private readonly calls: BotCalls,
    private readonly spendings: SpendingService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NotFound, BusinessRightMissing, BusinessConnectionDisabled, and the errors of {@link BotCalls.ask} */
  async balance(tenantId: string, connectionId: string): Promise<StarAmount> {
    const { bot, name } = await this.look(tenantId, connectionId);
    return this.calls.ask(bot, (api) => api.getBusinessAccountStarBalance(name));
  }

  /** @throws the errors of {@link balance} */
  async gifts(tenantId: string, connectionId: string, page: GiftPage): Promise<OwnedGifts> {
    const { bot, name } = await this.look(tenantId, connectionId);
    return this.page(bot, name, page);
  }

  /**
   * Moves Stars of the account to the bot's balance.
   * @throws the errors of {@link balance} and {@link SpendingService.once}
   */
  transferStars(asker: Asker, connectionId: string, stars: number, consent: Consent): Promise<SpendingRow> {
    return this.spend(
      asker,
      connectionId,
      { ...consent, kind: 'star_transfer', details: { stars } },
      async (bot, row) => {
        await this.need(bot, row, 'can_transfer_stars');
        return { stars, call: (api) => api.transferBusinessAccountStars(row.telegramConnectionId, stars) };
      },
    );
  }

  /** Converts a gift into Stars. @throws GiftUnusable, and the errors of {@link transferStars} */
  convert(asker: Asker, connectionId: string, { ownedGiftId, ...consent }: Owned): Promise<SpendingRow> {
    const details = { owned_gift_id: ownedGiftId, min_stars: consent.minGain ?? 0 };
    return this.spend(asker, connectionId, { ...consent, kind: 'gift_conversion', details }, async (bot, row) => {
      await this.need(bot, row, VIEW, 'can_convert_gifts_to_stars');
      const { telegramConnectionId: name } = row;
      const quote = quoteConversion(await this.owned(bot, name, ownedGiftId));
      return { ...quote, call: (api) => api.convertGiftToStars(name, ownedGiftId) };
    });
  }

  /** Makes a gift unique. @throws GiftUnusable, and the errors of {@link transferStars} */
  upgrade(
    asker: Asker,
    connectionId: string,
    { ownedGiftId, keepDetails, ...consent }: Owned & { readonly keepDetails: boolean },
  ): Promise<SpendingRow> {
    const details = { owned_gift_id: ownedGiftId, keep_original_details: keepDetails };
    return this.spend(asker, connectionId, { ...consent, kind: 'gift_upgrade', details }, async (bot, row) => {
      const { telegramConnectionId: name } = row;
      const quote = await this.quoted(bot, row, ownedGiftId, quoteUpgrade);
      const asked = { business_connection_id: name, owned_gift_id: ownedGiftId, keep_original_details: keepDetails };
      return { ...quote, call: (api) => api.raw.upgradeGift({ ...asked, star_count: quote.stars }) };
    });
  }

  /** Transfers a unique gift. @throws GiftUnusable, and the errors of {@link transferStars} */
  transferGift(
    asker: Asker,
    connectionId: string,
    { ownedGiftId, toId, ...consent }: Owned & { readonly toId: number },
  ): Promise<SpendingRow> {
    const details = { owned_gift_id: ownedGiftId, to_telegram_id: toId };
    return this.spend(asker, connectionId, { ...consent, kind: 'gift_transfer', details }, async (bot, row) => {
      const quoteNow = (gift: OwnedGift) => quoteGiftTransfer(gift, this.clock.now());
      const quote = await this.quoted(bot, row, ownedGiftId, quoteNow);
      return { ...quote, call: (api) => api.transferGift(row.telegramConnectionId, ownedGiftId, toId, quote.stars) };
    });
  }

  private async spend(
    { tenantId, key, by }: Asker,
    connectionId: string,
    wish: Consent & { readonly kind: SpendingKind; readonly details: SpendingRow['details'] },
    planned: (bot: OpenBot, connection: BusinessConnectionRow) => Promise<Plan>,
  ): Promise<SpendingRow> {
    const connection = await this.db.inTenant(tenantId, (tx) => this.connections.get(tx, connectionId));
    const { botId, userId: personId } = connection;
    return this.spendings.once(tenantId, { ...wish, botId, connectionId, key, by, personId }, (bot) =>
      planned(bot, connection),
    );
  }

  private async look(
    tenantId: string,
    connectionId: string,
  ): Promise<{ readonly bot: OpenBot; readonly name: string }> {
    const connection = await this.db.inTenant(tenantId, (tx) => this.connections.get(tx, connectionId));
    const bot = await this.calls.open(tenantId, connection.botId);
    await this.need(bot, connection, VIEW);
    return { bot, name: connection.telegramConnectionId };
  }

  private async need(bot: OpenBot, connection: BusinessConnectionRow, ...rights: readonly MoneyRight[]): Promise<void> {
    assertRights(await this.connections.fresh(bot, connection, this.clock.now()), ...rights);
  }

  /** Returns the cost of upgrading or transferring a gift; paying for it requires one more right. */
  private async quoted(
    bot: OpenBot,
    connection: BusinessConnectionRow,
    ownedGiftId: string,
    quoteOf: (gift: OwnedGift) => Quote,
  ): Promise<Quote> {
    const fresh = await this.connections.fresh(bot, connection, this.clock.now());
    assertRights(fresh, VIEW, 'can_transfer_and_upgrade_gifts');
    const quote = quoteOf(await this.owned(bot, connection.telegramConnectionId, ownedGiftId));
    if (quote.stars > 0) assertRights(fresh, 'can_transfer_stars');
    return quote;
  }

  /** @throws NotFound */
  private async owned(bot: OpenBot, name: string, ownedGiftId: string): Promise<OwnedGift> {
    let offset: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const { gifts, next_offset: next } = await this.page(bot, name, { limit: PAGE, offset });
      const found = gifts.find((gift) => gift.owned_gift_id === ownedGiftId);
      if (found !== undefined) return found;
      if (next === undefined || next === '') break;
      offset = next;
    }
    throw new NotFound('gift');
  }

  private page(bot: OpenBot, name: string, { limit, offset }: GiftPage): Promise<OwnedGifts> {
    const other = { limit, ...(offset === undefined ? {} : { offset }) };
    return this.calls.ask(bot, (api) => api.getBusinessAccountGifts(name, other));
  }
}
