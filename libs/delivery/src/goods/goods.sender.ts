import { Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import type { Message } from 'grammy/types';
import { FileService, LicenceKeyService } from '#libs/catalog';
import { Database } from '#libs/database';
import { splitText } from '#libs/kernel';
import { isForgottenFile, judge, Telegram, TelegramRefused, upload } from '#libs/telegram';
import { PLACES } from '#libs/texts';
import type { Handover } from './handover.js';
import { ChatInviter } from './chat-inviter.service.js';
import { MediaSender } from './media.sender.js';
import { creditsAdded, creditsAgain, receipt, subscriptionNews } from './receipt.js';

const PLAIN = { link_preview_options: { is_disabled: true } } as const;

/**
 * Sends goods of one kind.
 * @returns the id of the (first) message with them; undefined when Telegram has delivered them itself
 */
type Sender = (order: Handover) => Promise<number | undefined>;

/** Sends purchases. Every method throws the errors of the Bot API client, and is repeatable. */
@Injectable()
export class GoodsSender {
  /** One for each kind of product, and of goods that creators' servers make. */
  private readonly senders: Readonly<Record<Handover['product']['kind'], Sender>> = {
    text: (order) => this.sendText(order, contentOf(order)),
    link: (order) => this.sendLink(order, contentOf(order)),
    key: (order) => this.sendKey(order, contentOf(order)),
    file: (order) => this.sendFile(order),
    credits: (order) => this.sendText(order, creditsNews(order)),
    // Goods made by a server arrive as one of the other kinds.
    callback: (order) => this.sendText(order, contentOf(order)),
    paid_command: (order) => this.sendText(order, contentOf(order)),
    licence_key: async (order) => this.sendKey(order, await this.licenceKey(order)),
    subscription: (order) => this.sendSubscription(order),
    // The message already exists, but a buyer who asks for it again may have deleted it.
    paid_media: async (order) => (order.unlocked === true && order.round === 1 ? undefined : this.media.give(order)),
    chat_access: (order) => this.inviter.send(order.bot, wordsFor(order), chatOf(order), order.buyerId),
  };

  constructor(
    private readonly db: Database,
    private readonly telegram: Telegram,
    private readonly files: FileService,
    private readonly licences: LicenceKeyService,
    private readonly media: MediaSender,
    private readonly inviter: ChatInviter,
  ) {}

  /** @returns the id of the (first) message with the goods; undefined when Telegram has delivered them itself */
  send(order: Handover): Promise<number | undefined> {
    return this.senders[order.product.kind](order);
  }

  /**
   * Sends the receipt. For spent credits it is sent once: sending the goods again spends none, and must not appear to.
   */
  async sendReceipt(order: Handover): Promise<void> {
    if (order.paidCredits !== undefined && order.round > 1) return;
    const { text, entities } = receipt({ ...order, title: order.product.title }, wordsFor(order));
    const api = this.telegram.api(order.bot.token);
    await api.sendMessage(order.buyerId, text, { entities: [...entities], ...PLAIN });
  }

  private async sendText(order: Handover, text: string): Promise<number> {
    const api = this.telegram.api(order.bot.token);
    const ids: number[] = [];
    for (const part of splitText(text, PLACES.message.max)) {
      const { message_id } = await api.sendMessage(order.buyerId, part, PLAIN);
      ids.push(message_id);
    }
    const [first] = ids;
    if (first === undefined) throw new Error('a text product is empty');
    return first;
  }

  private async sendLink(order: Handover, url: string): Promise<number> {
    const api = this.telegram.api(order.bot.token);
    const words = wordsFor(order);
    const button = new InlineKeyboard().url(words.say('goods.open'), url);
    try {
      const message = await api.sendMessage(order.buyerId, words.title(order.product.title), {
        reply_markup: button,
        ...PLAIN,
      });
      return message.message_id;
    } catch (error) {
      // Telegram accepts fewer URLs for a button than in a text.
      if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
      return this.sendText(order, url);
    }
  }

  /** Sends the key alone in its message, so that it can also be copied by hand. */
  private async sendKey(order: Handover, key: string): Promise<number> {
    const message = await this.telegram.api(order.bot.token).sendMessage(order.buyerId, key, {
      entities: [{ type: 'code', offset: 0, length: key.length }],
      reply_markup: new InlineKeyboard().copyText(wordsFor(order).say('goods.copy'), key),
      ...PLAIN,
    });
    return message.message_id;
  }

  /** Sends the link to the subscription's chat at the beginning, and whenever the buyer asks again. */
  private async sendSubscription(order: Handover): Promise<number> {
    const words = wordsFor(order);
    const wanted = order.subscription?.begins === true || order.round > 1;
    if (order.product.chatId !== null && wanted) {
      await this.inviter.send(order.bot, words, order.product.chatId, order.buyerId);
    }
    return this.sendText(order, subscriptionNews(order, words));
  }

  private licenceKey({ tenantId, orderId }: Handover): Promise<string> {
    return this.db.inTenant(tenantId, (tx) => this.licences.ofOrder(tx, orderId));
  }

  private async sendFile(order: Handover): Promise<number> {
    const { tenantId, bot, buyerId, product } = order;
    const { fileId } = product;
    if (fileId === null) throw new Error('a file product has no file');
    const known = await this.db.inTenant(tenantId, (tx) =>
      this.files.telegramFileId(tx, bot.botId, fileId, 'document'),
    );
    const other = { caption: wordsFor(order).title(product.title) };
    if (known !== undefined) {
      try {
        return (await this.telegram.api(bot.token).sendDocument(buyerId, known, other)).message_id;
      } catch (error) {
        if (!isForgottenFile(error)) throw error;
      }
    }
    const { file, stream } = await this.db.inTenant(tenantId, (tx) => this.files.open(tx, fileId));
    const message = await this.telegram
      .api(bot.token, 'upload')
      .sendDocument(buyerId, upload(stream, file.name), other);
    const kept = fileIdOf(message);
    if (kept !== undefined)
      await this.db.inTenant(tenantId, (tx) =>
        this.files.rememberTelegramFileId(tx, bot.botId, fileId, 'document', kept),
      );
    return message.message_id;
  }
}

const wordsFor = ({ bot, languageCode, product }: Handover) => bot.words(languageCode, product.id);

function creditsNews(order: Handover): string {
  const { credits, round } = order;
  if (credits === undefined) return contentOf(order);
  return round > 1 ? creditsAgain(credits, wordsFor(order)) : creditsAdded(credits, wordsFor(order));
}

function chatOf({ product: { chatId } }: Handover): string {
  if (chatId === null) throw new Error('access to no chat');
  return chatId;
}

function contentOf({ product: { kind, content } }: Handover): string {
  if (content === null) throw new Error(`a product of the kind ${kind} has no goods to deliver`);
  return content;
}

/**
 * Finds the file id in a message: Telegram returns some documents as another kind of message, for example an animated
 * GIF as an animation.
 */
function fileIdOf(message: Message): string | undefined {
  const kept = message.document ?? message.animation ?? message.audio ?? message.video;
  return kept?.file_id;
}
