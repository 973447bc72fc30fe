import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PreCheckoutQuery } from 'grammy/types';
import { Database } from '#libs/database';
import { type Envelope, InboxStore } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { preCheckoutRefusals, preCheckoutSeconds, secondsSince } from '#libs/metrics';
import { CLOCK, redact } from '#libs/runtime';
import { type CheckoutRefusal, CheckoutService, OrderEndingService } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, type BotRoute, type OpenBot } from '#libs/tenants';

/** Milliseconds for the database. Telegram allows ten seconds in all (Bot API, answerPreCheckoutQuery). */
const BUDGET_MS = 3_000;

interface Refused {
  readonly ok: false;
  readonly refusal: CheckoutRefusal | 'unavailable';
  /** The product that the buyer wants, if known. */
  readonly productId?: string | undefined;
}
type Answer = { readonly ok: true; readonly orderId: string } | Refused;

const UNAVAILABLE: Refused = { ok: false, refusal: 'unavailable' };

/**
 * Answers pre-checkout queries while Telegram waits: one short transaction, then one call. When in doubt, the answer
 * is no.
 */
@Injectable()
export class PreCheckoutDesk {
  private readonly log = new Logger('PreCheckout');

  constructor(
    private readonly db: Database,
    private readonly checkout: CheckoutService,
    private readonly endings: OrderEndingService,
    private readonly inbox: InboxStore,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns false if Telegram did not get the answer, so that the update should be repeated while there is time */
  async answer(
    route: BotRoute,
    envelope: Envelope,
    update: { pre_checkout_query: PreCheckoutQuery },
  ): Promise<boolean> {
    const query = update.pre_checkout_query;
    const began = performance.now();
    // Fills the cache for the answer while the query is being decided. An error here will occur again when answering.
    void this.directory.open(route.tenantId, route.botId).catch(() => undefined);
    const decision = this.decide(route, envelope, update).catch((error: unknown): Answer => {
      this.log.error(`pre-checkout could not be decided: ${redact(String(error))}`);
      return UNAVAILABLE;
    });
    const answer = await Promise.race([decision, outOfTime()]);
    const told = await this.tell(route, query, answer);
    count(answer, told, began);
    if (told !== 'taken') await this.disapprove(route, query, answer, told);
    // The decision came too late: Telegram was told no.
    else if (!answer.ok) void decision.then((late) => this.disapprove(route, query, late, 'refused'));
    return told !== 'unknown';
  }

  /**
   * Withdraws an approval for which Telegram takes no Stars, or possibly takes none, so that the buyer's next attempt
   * need not wait.
   */
  private async disapprove(
    { tenantId }: BotRoute,
    { id }: PreCheckoutQuery,
    answer: Answer,
    outcome: 'refused' | 'unknown',
  ): Promise<void> {
    if (!answer.ok) return;
    const { orderId } = answer;
    await this.db
      .inTenant(tenantId, (tx) => this.endings.disapprove(tx, orderId, id, outcome, this.clock.now()))
      .catch((error: unknown) => this.log.warn(`an approval could not be revoked: ${redact(String(error))}`));
  }

  private async decide(
    route: BotRoute,
    envelope: Envelope,
    update: { pre_checkout_query: PreCheckoutQuery },
  ): Promise<Answer> {
    const { id, from, currency, total_amount: amount, invoice_payload: payload } = update.pre_checkout_query;
    const now = this.clock.now();
    const query = { queryId: id, buyerId: from.id, currency, amount, person: from };
    return this.db.inTenant(route.tenantId, async (tx) => {
      let recorded: Promise<void> | undefined;
      const record = (orderId: string | undefined) =>
        (recorded ??= this.inbox.recordHandled(tx, route.botId, envelope, update, orderId));
      const decided = await this.checkout.approve(tx, route.botId, payload, query, now, record);
      await record(decided.orderId);
      return decided;
    });
  }

  private async tell(
    route: BotRoute,
    query: PreCheckoutQuery,
    answer: Answer,
    refused?: string,
  ): Promise<'taken' | 'refused' | 'unknown'> {
    const bot = await this.directory.open(route.tenantId, route.botId);
    if (bot === undefined || bot.token === refused) return 'refused';
    try {
      const api = this.telegram.api(bot.token, 'preCheckout');
      if (answer.ok) await api.answerPreCheckoutQuery(query.id, true);
      else await api.answerPreCheckoutQuery(query.id, false, { error_message: sentence(bot, query, answer) });
      return 'taken';
    } catch (error) {
      const verdict = judge(error);
      this.log.warn(`pre-checkout of bot ${route.botId} was not answered: ${String(error)}`);
      if (verdict.kind === 'token_invalid' && refused === undefined) {
        // The creator may have just given it a new token, which only another process knows yet.
        this.directory.forget(route.botId);
        return this.tell(route, query, answer, bot.token);
      }
      return verdict.kind === 'unknown' || verdict.kind === 'retry' ? 'unknown' : 'refused';
    }
  }
}

const sentence = (bot: OpenBot, { from }: PreCheckoutQuery, { refusal, productId }: Refused) =>
  bot.words(from.language_code, productId).say(`checkout.${refusal}`);

function count(answer: Answer, told: 'taken' | 'refused' | 'unknown', began: number): void {
  const decided = answer.ok ? 'approved' : 'refused';
  preCheckoutSeconds.observe({ outcome: told === 'taken' ? decided : 'unanswered' }, secondsSince(began));
  if (!answer.ok) preCheckoutRefusals.inc({ reason: answer.refusal });
}

function outOfTime(): Promise<Answer> {
  return new Promise((resolve) => setTimeout(resolve, BUDGET_MS, UNAVAILABLE).unref());
}
