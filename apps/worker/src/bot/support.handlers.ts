import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import type { Message } from 'grammy/types';
import type { TenantTx } from '#libs/database';
import { type Clock, NotFound, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { OrderService } from '#libs/sales';
import { type Asker, BuyerSupportService, fileIn } from '#libs/support';
import type { ShopContext } from './scope.js';
import { tell } from './show.js';

/** Number of orders to choose from; for an older one the buyer has its number and chooses "something else". */
const LAST_ORDERS = 8;
const OTHER = 'other';
/** Messages from people that are neither text nor file. Anything else is a service message, which needs no reply. */
const NEITHER = [
  'message:contact',
  'message:location',
  'message:venue',
  'message:poll',
  'message:dice',
  'message:game',
  'message:story',
  'message:checklist',
  'message:paid_media',
] as const;
/** All types of messages that a person can send. */
export const SAID_OR_SENT = ['message:text', 'message:file', ...NEITHER] as const;

/** Lets buyers ask for help: they choose a subject, then write. Register it after all commands. */
@Injectable()
export class SupportHandlers {
  constructor(
    private readonly support: BuyerSupportService,
    private readonly orders: OrderService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('paysupport', (ctx) => this.ask(ctx));
    chat.callbackQuery(/^support:reply:(.+)$/, (ctx) => this.resume(ctx, String(ctx.match[1])));
    chat.callbackQuery(/^support:done:(.+)$/, (ctx) => this.finish(ctx, String(ctx.match[1])));
    chat.callbackQuery(/^support:(.+)$/, (ctx) => this.choose(ctx, String(ctx.match[1])));
    chat.on('message:text', async (ctx, next) => {
      const isCommand = ctx.message.entities?.some(({ type, offset }) => type === 'bot_command' && offset === 0);
      if (isCommand === true || !(await this.passOn(ctx, ctx.message))) return next();
    });
    chat.on('message:file', async (ctx, next) => {
      if (!(await this.passOn(ctx, ctx.message))) return next();
    });
    chat.on([...NEITHER], async (ctx, next) => {
      if (!(await this.isTalking(ctx, ctx.message))) return next();
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
      const topic = ctx.words
        .about(order.productId)
        .say('support.topic', { date: order.createdAt, title: order.title });
      keyboard.text(topic, `support:${publicId('order', order.id)}`).row();
    }
    keyboard.text(ctx.words.say('support.other'), `support:${OTHER}`);
    const contact = bot.supportText === null ? '' : `${bot.supportText}\n\n`;
    await tell(ctx, `${contact}${ctx.words.say('support.choose')}`, keyboard);
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

  private async resume(ctx: ShopContext, thread: string): Promise<void> {
    const done = await this.change(ctx, thread, (tx, asker, threadId, now) =>
      this.support.resume(tx, asker, threadId, now),
    );
    await ctx.reply(ctx.words.say(done ? 'support.go_on' : 'button_stale'));
    await ctx.answerCallbackQuery().catch(() => undefined);
  }

  private async finish(ctx: ShopContext, thread: string): Promise<void> {
    const done = await this.change(ctx, thread, (tx, asker, threadId, now) =>
      this.support.finish(tx, asker, threadId, now),
    );
    await ctx.reply(ctx.words.say(done ? 'support.finished' : 'button_stale'));
    await ctx.answerCallbackQuery().catch(() => undefined);
  }

  /** @returns false when there is no such thread of this buyer */
  private async change(
    ctx: ShopContext,
    thread: string,
    work: (tx: TenantTx, asker: Asker, threadId: string, now: Date) => Promise<void>,
  ): Promise<boolean> {
    const { bot, inTenant } = ctx.scope;
    const threadId = parseId('supportThread', thread);
    const buyerId = ctx.from?.id;
    if (threadId === undefined || buyerId === undefined) return false;
    try {
      await inTenant((tx) => work(tx, { botId: bot.botId, buyerId }, threadId, this.clock.now()));
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
    return true;
  }

  private isTalking(ctx: ShopContext, { chat, reply_to_message: original }: Message): Promise<boolean> {
    const { bot, inTenant } = ctx.scope;
    const asker = { botId: bot.botId, buyerId: chat.id };
    return inTenant((tx) => this.support.isTalking(tx, asker, this.clock.now(), original?.message_id));
  }

  /** @returns false if the buyer is not in a conversation, so that the message was meant for something else */
  private async passOn(ctx: ShopContext, message: Message): Promise<boolean> {
    if (!(await this.isTalking(ctx, message))) return false;
    const received = await ctx.scope.settle(async (tx) => ({
      result: await this.support.receive(
        tx,
        {
          botId: ctx.scope.bot.botId,
          buyerId: message.chat.id,
          text: message.text ?? message.caption ?? '',
          file: fileIn(message),
          telegramMessageId: message.message_id,
          repliesTo: message.reply_to_message?.message_id,
        },
        this.clock.now(),
      ),
    }));
    if (received.kind === 'no_thread') return false;
    if (received.kind === 'too_many') await ctx.reply(ctx.words.say('support.too_many'));
    else if (received.begins) {
      await ctx.reply(ctx.words.say('support.passed_on'), {
        reply_markup: new InlineKeyboard().text(
          ctx.words.say('support.done'),
          `support:done:${publicId('supportThread', received.threadId)}`,
        ),
      });
    }
    return true;
  }
}
