import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { ProductService, sellable } from '#libs/catalog';
import { ChatAccessService, ChatDoor, type Invitation } from '#libs/chats';
import { Database } from '#libs/database';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { Telegram } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';

/** Sends buyers their link to a chat, or tells them why there is none. */
@Injectable()
export class ChatInviter {
  constructor(
    private readonly db: Database,
    private readonly door: ChatDoor,
    private readonly accesses: ChatAccessService,
    private readonly products: ProductService,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sends the link. Repeated calls send the same one, as long as it is valid. Throws the errors of the Bot API client
   * and of {@link ChatDoor.invitation}.
   * @returns the id of the message
   */
  async send(bot: OpenBot, words: Phrasebook, chatId: string, buyerId: number): Promise<number> {
    const invitation = await this.door.invitation(bot, chatId, buyerId);
    const { way } = invitation;
    const keyboard = way === 'over' ? await this.comeBack(bot, words, chatId, buyerId) : joinButton(way, words);
    const message = await this.telegram.api(bot.token).sendMessage(buyerId, wording(invitation, words), {
      ...(keyboard && { reply_markup: keyboard }),
      link_preview_options: { is_disabled: true },
    });
    return message.message_id;
  }

  /**
   * The button for a buyer whose access has ended: to the last product bought, even if hidden, or to the shop when it
   * is no longer sold.
   */
  async comeBack(bot: OpenBot, words: Phrasebook, chatId: string, buyerId: number): Promise<InlineKeyboard> {
    const product = await this.db.inTenant(bot.tenantId, async (tx) => {
      const productId = await this.accesses.lastBought(tx, chatId, buyerId);
      return productId === undefined ? undefined : this.products.forSale(tx, productId);
    });
    const isSold = product !== undefined && sellable(product, this.clock.now()) === undefined;
    const to = isSold ? `card:${publicId('product', product.id)}:0` : 'shop:0';
    return new InlineKeyboard().text(words.say('access.again'), to);
  }
}

function wording({ title: chat, until, way }: Invitation, words: Phrasebook): string {
  if (way === 'over') return words.say('access.over', { chat });
  if (until === null) return words.say(way === 'inside' ? 'access.inside' : 'access.open', { chat });
  return words.say(way === 'inside' ? 'access.inside_until' : 'access.open_until', { chat, until });
}

function joinButton(way: Exclude<Invitation['way'], 'over'>, words: Phrasebook): InlineKeyboard | undefined {
  return way === 'inside' ? undefined : new InlineKeyboard().url(words.say('access.join'), way.link);
}
