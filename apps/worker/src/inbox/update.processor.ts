import { Injectable, Logger } from '@nestjs/common';
import { Composer, Context } from 'grammy';
import type { Update } from 'grammy/types';
import { Database, DatabaseTrouble, isMistake, OwnTrouble, type TenantTx, troubleDelay } from '#libs/database';
import { type ClaimedUpdate, InboxQueue } from '#libs/journal';
import { MINUTE, SECOND } from '#libs/kernel';
import { updatesHandled } from '#libs/metrics';
import { messageOf } from '#libs/runtime';
import { BuyerService } from '#libs/sales';
import { judge, Telegram, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import { BotDirectory, BotService, type OpenBot } from '#libs/tenants';
import { aboutUpdate, inSpan, isTracing, ofOrder, tellSpan } from '#libs/tracing';
import { AnswerHandlers } from '../desk/answer.handlers.js';
import { BrowseHandlers } from '../bot/browse.handlers.js';
import { CommandHandlers } from '../bot/command.handlers.js';
import { BusinessHandlers } from '../bot/business.handlers.js';
import { ChatHandlers } from '../bot/chat.handlers.js';
import { Comebacks } from '../bot/comebacks.js';
import { CreditHandlers } from '../bot/credit.handlers.js';
import { InlineHandlers } from '../bot/inline.handlers.js';
import { PaidMediaHandlers } from '../bot/paid-media.handlers.js';
import { PaymentHandlers } from '../bot/payment.handlers.js';
import { type ChatScope, PermanentFailure, type ShopContext } from '../bot/scope.js';
import { PromoHandlers } from '../bot/promo.handlers.js';
import { ShopHandlers } from '../bot/shop.handlers.js';
import { SubscriptionHandlers } from '../bot/subscription.handlers.js';
import { SAID_OR_SENT, SupportHandlers } from '../bot/support.handlers.js';
import { TermsHandlers } from '../bot/terms.handlers.js';
import { DeskAlertsHandlers } from '../desk/desk-alerts.handlers.js';
import { DeskRefundHandlers } from '../desk/desk-refund.handlers.js';
import { DeskHandlers } from '../desk/desk.handlers.js';

/**
 * Milliseconds until the next attempt of a failed update; its chat waits for it. After the last, and at once when
 * Telegram refused, it is parked.
 */
const RETRIES = [SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE];
/**
 * Errors that waiting does not fix get two attempts, since the first may have failed because of a race; the rest of the
 * chat waits a second.
 */
const TRIES_OF_A_MISTAKE = 2;

/** Thrown when another worker has taken over the update, so that this one's work must not take effect. */
class Overtaken extends Error {}

/** Handles one stored update: creates the tenant's bot for it and runs the handlers. */
@Injectable()
export class UpdateProcessor {
  private readonly log = new Logger('Updates');
  private readonly troubles = new OwnTrouble();
  private readonly handlers = new Composer<ShopContext>();

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxQueue,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly buyers: BuyerService,
    private readonly telegram: Telegram,
    private readonly payments: PaymentHandlers,
    private readonly media: PaidMediaHandlers,
    chats: ChatHandlers,
    comebacks: Comebacks,
    desk: DeskHandlers,
    deskRefunds: DeskRefundHandlers,
    deskAlerts: DeskAlertsHandlers,
    shop: ShopHandlers,
    promos: PromoHandlers,
    browse: BrowseHandlers,
    credits: CreditHandlers,
    subscriptions: SubscriptionHandlers,
    commands: CommandHandlers,
    answers: AnswerHandlers,
    support: SupportHandlers,
    inline: InlineHandlers,
    terms: TermsHandlers,
    business: BusinessHandlers,
  ) {
    payments.register(this.handlers);
    media.register(this.handlers);
    chats.register(this.handlers);
    comebacks.register(this.handlers);
    desk.register(this.handlers);
    deskRefunds.register(this.handlers);
    deskAlerts.register(this.handlers);
    shop.register(this.handlers);
    promos.register(this.handlers);
    browse.register(this.handlers);
    credits.register(this.handlers);
    subscriptions.register(this.handlers);
    commands.register(this.handlers);
    answers.register(this.handlers);
    support.register(this.handlers);
    business.register(this.handlers);
    inline.register(this.handlers);
    terms.register(this.handlers);
    this.handlers.chatType('private').on([...SAID_OR_SENT], (ctx) => ctx.reply(ctx.words.say('not_understood')));
    this.handlers.on('callback_query', (ctx) =>
      ctx.answerCallbackQuery({ text: ctx.words.say('button_stale') }).catch(() => undefined),
    );
  }

  /**
   * Handles an update. Never throws because of the update or Telegram: the update ends as done, waiting for a retry, or
   * parked. @returns `answered` if its only effect was messages: the caller marks it as handled, or it is answered
   * again
   */
  process(update: ClaimedUpdate): Promise<'concluded' | 'answered'> {
    const about = isTracing() ? aboutUpdate(update.botId, update.updateId, update.body) : undefined;
    return inSpan(`handle ${update.kind}`, { kind: 'consumer', about }, () => this.processed(update));
  }

  private async processed(update: ClaimedUpdate): Promise<'concluded' | 'answered'> {
    const settled = { done: false };
    let open: OpenBot | undefined;
    try {
      open = await this.directory.open(update.tenantId, update.botId);
      const books = this.books(update, settled);
      if (open === undefined) await this.withoutBot(books);
      else await this.handle({ ...books, bot: open });
      this.troubles.over(nameOf(update));
      updatesHandled.inc({ outcome: 'done' });
      return settled.done ? 'concluded' : 'answered';
    } catch (error) {
      if (error instanceof Overtaken) this.log.warn(`${nameOf(update)} was taken over by another worker`);
      else
        await this.afterFailure(update, error, settled.done, open?.token).catch((second: unknown) =>
          this.log.error(`${nameOf(update)} could not be concluded: ${messageOf(error)}; ${messageOf(second)}`),
        );
      return 'concluded';
    }
  }

  private async withoutBot(books: Omit<ChatScope, 'bot'>): Promise<void> {
    await this.payments.withoutBot(books);
    await this.media.withoutBot(books);
  }

  private async handle(scope: ChatScope): Promise<void> {
    const { bot, update } = scope;
    const ctx = new Context(update.body as unknown as Update, this.telegram.api(bot.token), bot.info) as ShopContext;
    ctx.scope = scope;
    ctx.words = bot.words(ctx.from?.language_code);
    await this.handlers.middleware()(ctx, async () => undefined);
  }

  private books(update: ClaimedUpdate, settled: { done: boolean }): Omit<ChatScope, 'bot'> {
    return {
      update,
      inTenant: (work) => this.db.inTenant(update.tenantId, work),
      settle: async (work) => {
        const result = await this.db.confirm(update.tenantId, async (tx) => {
          let marked: Promise<boolean> | undefined;
          const mark = (orderId: string | undefined) => (marked ??= this.inbox.done(tx, update, orderId));
          const settledWork = await work(tx, mark);
          if (!(await mark(settledWork.orderId))) throw new Overtaken();
          if (settledWork.orderId) tellSpan(ofOrder(settledWork.orderId), settledWork.orderId);
          return settledWork.result;
        });
        settled.done = true;
        return result;
      },
    };
  }

  private async afterFailure(update: ClaimedUpdate, error: unknown, settled: boolean, token?: string): Promise<void> {
    const message = messageOf(error);
    const verdict = error instanceof TelegramRefused || error instanceof TelegramUnreachable ? judge(error) : undefined;
    // The effect is committed; only the message to the buyer failed.
    if (settled) {
      updatesHandled.inc({ outcome: 'done' });
      return this.log.warn(`${nameOf(update)}: ${message}`);
    }
    if (error instanceof DatabaseTrouble && !this.troubles.isOwn(nameOf(update), error))
      return this.putBack(update, message);
    const outcome = await this.db.confirm(update.tenantId, async (tx) => {
      if (verdict?.kind === 'token_invalid' && token !== undefined)
        await this.bots.markTokenInvalid(tx, update.botId, token);
      if (verdict?.kind === 'unreachable') {
        await this.giveUpOnBuyer(tx, update);
        await this.inbox.done(tx, update);
        return 'unreachable';
      }
      const isLast =
        verdict?.kind === 'refused' ||
        error instanceof PermanentFailure ||
        (isMistake(error) && update.attempts >= TRIES_OF_A_MISTAKE);
      const planned = isLast ? undefined : RETRIES[update.attempts - 1];
      const delay = verdict?.kind === 'retry' ? Math.max(verdict.afterMs, planned ?? 0) : planned;
      if (delay === undefined) this.log.error(`${nameOf(update)} is parked: ${message}`);
      await this.inbox.retry(tx, update, delay, message);
      return delay === undefined ? 'parked' : 'retry';
    });
    updatesHandled.inc({ outcome });
  }

  /** Returns an update after a failure that it did not cause: it keeps its place in the chat and all its attempts. */
  private async putBack(update: ClaimedUpdate, why: string): Promise<void> {
    updatesHandled.inc({ outcome: 'put_back' });
    this.log.warn(`${nameOf(update)} is put back: ${why}`);
    await this.db.confirm(update.tenantId, (tx) => this.inbox.release(tx, [update], troubleDelay(Math.random()), why));
  }

  private async giveUpOnBuyer(tx: TenantTx, update: ClaimedUpdate): Promise<void> {
    const message =
      update.body['message'] ?? (update.body['callback_query'] as { message?: unknown } | undefined)?.message;
    const chatId = (message as { chat?: { id?: unknown } } | undefined)?.chat?.id;
    if (typeof chatId === 'number') await this.buyers.markUnreachable(tx, update.botId, chatId);
  }
}

const nameOf = (update: ClaimedUpdate) => `update ${update.updateId} of bot ${update.botId}`;
