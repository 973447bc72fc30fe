import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { Doorbell } from '#libs/journal';
import { type Clock, NotFound, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { OrderService } from '#libs/sales';
import { SupportService } from '#libs/support';
import type { ShopContext } from './scope.js';

/** Orders to choose from; whoever means an older one has its number and chooses "something else". */
const LAST_ORDERS = 8;
const OTHER = 'other';

/** A buyer asks for help: chooses what it is about, then writes. Needs to be registered after all commands. */
@Injectable()
export class SupportHandlers {
  constructor(
    private readonly support: SupportService,
    private readonly orders: OrderService,
    private readonly doorbell: Doorbell,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('paysupport', (ctx) => this.ask(ctx));
    chat.callbackQuery(/^support:(.+)$/, (ctx) => this.choose(ctx, String(ctx.match[1])));
    chat.on('message:text', async (ctx, next) => {
      const isCommand = ctx.message.entities?.some(({ type, offset }) => type === 'bot_command' && offset === 0);
      if (isCommand === true || !(await this.passOn(ctx, ctx.message.text, ctx.message.message_id))) return next();
    });
    chat.on(['message:media', 'message:sticker'], async (ctx, next) => {
      const { bot: open, inTenant } = ctx.scope;
      if (!(await inTenant((tx) => this.support.isTalking(tx, open.botId, ctx.chat.id)))) return next();
      await ctx.reply(ctx.words.say('support.only_text'));
    });
  }

  private async ask(ctx: ShopContext): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const buyerId = ctx.from?.id;
    if (buyerId === undefined) return;
    const bought = await inTenant((tx) => this.orders.purchases(tx, bot.botId, buyerId, LAST_ORDERS));
    const keyboard = new InlineKeyboard();
    for (const order of bought) {
      const topic = ctx.words.say('support.topic', { date: order.createdAt, title: order.title });
      keyboard.text(topic, `support:${publicId('order', order.id)}`).row();
    }
    keyboard.text(ctx.words.say('support.other'), `support:${OTHER}`);
    const contact = bot.supportText === null ? '' : `${bot.supportText}\n\n`;
    await ctx.reply(`${contact}${ctx.words.say('support.choose')}`, { reply_markup: keyboard });
  }

  private async choose(ctx: ShopContext, topic: string): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const [orderId, buyerId] = [topic === OTHER ? null : parseId('order', topic), ctx.from?.id];
    if (orderId === undefined || buyerId === undefined) return;
    const opened = await inTenant(async (tx) => {
      await this.support.open(tx, { botId: bot.botId, buyerId, orderId }, this.clock.now());
      return true;
    }).catch((error: unknown) => {
      if (error instanceof NotFound) return false;
      throw error;
    });
    await ctx.reply(ctx.words.say(opened ? 'support.opened' : 'orders.empty'));
    await ctx.answerCallbackQuery().catch(() => undefined);
  }

  /** @returns false when the buyer is in no conversation, so that the words were meant for something else */
  private async passOn(ctx: ShopContext, text: string, telegramMessageId: number): Promise<boolean> {
    const { bot, inTenant, settle } = ctx.scope;
    const buyerId = ctx.from?.id;
    if (buyerId === undefined) return false;
    if (!(await inTenant((tx) => this.support.isTalking(tx, bot.botId, buyerId)))) return false;
    const message = { botId: bot.botId, buyerId, text, telegramMessageId };
    const received = await settle(async (tx) => ({
      result: await this.support.receive(tx, message, this.clock.now()),
    }));
    if (received.kind === 'no_thread') return false;
    this.doorbell.ring('relay');
    if (received.kind === 'too_many') await ctx.reply(ctx.words.say('support.too_many'));
    else if (received.first) await ctx.reply(ctx.words.say('support.passed_on'));
    return true;
  }
}
