import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import type { User } from 'grammy/types';
import { DatabaseTrouble } from '#libs/database';
import { type Clock, DomainError, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SubscriptionList, type SubscriptionReport, SubscriptionService, wayToResume } from '#libs/sales';
import type { ShopContext } from './scope.js';
import { show, tell } from './show.js';

type Running = Awaited<ReturnType<SubscriptionList['ofBuyer']>>[number];

const REPORTS: readonly SubscriptionReport[] = ['active', 'canceled', 'failed'];

/** A buyer's views of and actions on subscriptions, and Telegram's reports about them. */
@Injectable()
export class SubscriptionHandlers {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly lists: SubscriptionList,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.use(async (ctx, next) => {
      const { subscription } = ctx.update;
      if (subscription === undefined) return next();
      const { user, invoice_payload: payload, state } = subscription;
      await this.report(ctx, user, payload, state);
    });
    const chat = bot.chatType('private');
    chat.command('subscriptions', (ctx) => this.show(ctx));
    chat.callbackQuery(/^unsub:(.+)$/, (ctx) => this.askWhether(ctx, String(ctx.match[1])));
    chat.callbackQuery(/^unsubscribe:(.+)$/, (ctx) => this.change(ctx, String(ctx.match[1]), 'cancel'));
    chat.callbackQuery(/^keepsub:(.+)$/, (ctx) => this.keep(ctx, String(ctx.match[1])));
    chat.callbackQuery(/^resub:(.+)$/, (ctx) => this.change(ctx, String(ctx.match[1]), 'resume'));
  }

  private async report(ctx: ShopContext, user: User, payload: string, state: string): Promise<void> {
    const [id, report] = [parseId('order', payload), REPORTS.find((known) => known === state)];
    // It belongs to a subscription that the bot sold before it was registered, or has a state that Telegram has added
    // since.
    if (id === undefined || report === undefined) return;
    const [{ botId }, now] = [ctx.scope.bot, this.clock.now()];
    const of = { botId, buyerId: user.id, id };
    const changed = await ctx.scope.settle(async (tx) => ({
      result: (await this.subscriptions.report(tx, of, report, now)) && (await this.lists.watched(tx, id, now)),
      orderId: id,
    }));
    if (changed?.subscription.state !== 'past_due') return;
    const { title, subscription } = changed;
    const words = ctx.scope.bot.words(user.language_code, subscription.productId);
    await ctx.api.sendMessage(user.id, words.say('subscription.failed', { title, until: subscription.accessUntil }));
  }

  private async show(ctx: ShopContext): Promise<void> {
    const running = await this.running(ctx);
    if (running.length === 0) return void (await ctx.reply(ctx.words.say('subscription.none')));
    const keyboard = new InlineKeyboard();
    for (const one of running) {
      const id = publicId('subscription', one.id);
      const { title } = one;
      const words = ctx.words.about(one.productId);
      if (renews(one)) keyboard.text(words.say('subscription.cancel', { title }), `unsub:${id}`).row();
      else if (wayToResume(one) === 'bot')
        keyboard.text(words.say('subscription.resume', { title }), `resub:${id}`).row();
    }
    const lines = running.map((one) => this.line(ctx, one));
    await tell(ctx, `${ctx.words.say('subscription.heading')}\n\n${lines.join('\n')}`, keyboard);
  }

  private line(ctx: ShopContext, one: Running): string {
    const { title, stars: price, periodSeconds: period, paidUntil: until } = one;
    const words = ctx.words.about(one.productId);
    if (renews(one)) return words.say('subscription.line', { title, price, period, until });
    const line = words.say('subscription.line_canceled', { title, until });
    return wayToResume(one) === 'telegram' ? `${line}\n${words.say('subscription.switch_on')}` : line;
  }

  /** Asks for confirmation, because cancelling by mistake is easy. */
  private async askWhether(ctx: ShopContext, id: string): Promise<void> {
    const one = (await this.running(ctx)).find(({ id: uuid }) => publicId('subscription', uuid) === id);
    if (one === undefined) return this.answer(ctx, ctx.words.say('subscription.none'));
    const { title, paidUntil: until } = one;
    const words = ctx.words.about(one.productId);
    const keyboard = new InlineKeyboard()
      .text(words.say('subscription.cancel_yes'), `unsubscribe:${id}`)
      .text(words.say('subscription.cancel_no'), `keepsub:${id}`);
    await ctx.reply(words.say('subscription.cancel_sure', { title, until }), { reply_markup: keyboard });
    await ctx.answerCallbackQuery().catch(() => undefined);
  }

  /** Keeps the subscription. The answer replaces the question, so that its button cannot cancel later. */
  private async keep(ctx: ShopContext, id: string): Promise<void> {
    const one = (await this.running(ctx)).find(({ id: uuid }) => publicId('subscription', uuid) === id);
    if (one === undefined) return this.answer(ctx, ctx.words.say('subscription.none'));
    const { title, paidUntil: until, productId } = one;
    await show(ctx, ctx.words.about(productId).say('subscription.kept', { title, until }));
  }

  private async change(ctx: ShopContext, id: string, wish: 'cancel' | 'resume'): Promise<void> {
    const one = (await this.running(ctx)).find(({ id: uuid }) => publicId('subscription', uuid) === id);
    if (one === undefined) return this.answer(ctx, ctx.words.say('subscription.none'));
    const now = this.clock.now();
    try {
      await ctx.scope.inTenant((tx) =>
        wish === 'cancel'
          ? this.subscriptions.cancel(tx, one.id, 'buyer', now)
          : this.subscriptions.resume(tx, one.id, now),
      );
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof DatabaseTrouble) throw error;
      return this.answer(ctx, ctx.words.say('subscription.later'));
    }
    const { title, paidUntil: until } = one;
    const words = ctx.words.about(one.productId);
    await this.answer(
      ctx,
      wish === 'cancel'
        ? words.say('subscription.canceled', { title, until })
        : words.say('subscription.resumed', { title }),
    );
  }

  private running(ctx: ShopContext): Promise<Running[]> {
    const { bot, inTenant } = ctx.scope;
    const buyerId = ctx.from?.id;
    return buyerId === undefined ? Promise.resolve([]) : inTenant((tx) => this.lists.ofBuyer(tx, bot.botId, buyerId));
  }

  private async answer(ctx: ShopContext, text: string): Promise<void> {
    await ctx.reply(text);
    await ctx.answerCallbackQuery().catch(() => undefined);
  }
}

const renews = ({ state }: Pick<Running, 'state'>) => state === 'active' || state === 'past_due';
