import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, MINUTE, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SubscriptionList, SubscriptionService, type Watched } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, CAN, type OpenBot } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** What cannot be said now gets another look this much later. */
const LATER_MS = 10 * MINUTE;

/** Accompanies one subscription: waits for the next moment that matters, reminds, ends, and asks back. */
@Injectable()
export class SubscriptionWatchHandler implements JobHandler {
  readonly kind = 'subscription.watch';

  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionService,
    private readonly lists: SubscriptionList,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const now = this.clock.now();
    const watched = await this.db.inTenant(job.tenantId, (tx) => this.lists.watched(tx, job.subject, now));
    if (watched === undefined) return { kind: 'done' };
    const { step } = watched;
    if (step.kind === 'nothing') return { kind: 'done' };
    if (step.kind === 'wait') {
      return { kind: 'wait', error: 'nothing is due yet', afterMs: step.until.getTime() - now.getTime() };
    }
    // The end is a change, and each change plans the next look.
    if (step.kind === 'end') {
      return this.done(async (tx) => void (await this.subscriptions.end(tx, job.subject, now)));
    }
    return this.tell(job, watched, step.kind, now);
  }

  private async tell(job: ClaimedJob, watched: Watched, what: 'remind' | 'win_back', now: Date): Promise<JobOutcome> {
    const { botId, buyerId } = watched.subscription;
    const bot = await this.directory.open(job.tenantId, botId);
    if (bot === undefined) return { kind: 'done' };
    if (bot.state === 'token_invalid' || !CAN[bot.tenantState].message) return wait('nothing may be said now');
    const { text, keyboard } = wording(bot, watched, what);
    try {
      await this.telegram.api(bot.token).sendMessage(buyerId, text, { reply_markup: keyboard });
    } catch (error) {
      const verdict = judge(error);
      if (verdict.kind === 'retry') return { kind: 'wait', error: String(error), afterMs: verdict.afterMs };
      if (verdict.kind === 'token_invalid') return wait(String(error));
      // Told twice is worse than told once, but better than never; who cannot be reached is not told.
      if (verdict.kind === 'unknown') return { kind: 'retry', error: String(error) };
    }
    return this.done((tx) => this.subscriptions.told(tx, job.subject, what, now));
  }

  private done(effect: (tx: TenantTx) => Promise<void>): JobOutcome {
    return { kind: 'done', effect, rings: ['relay', 'delivery'] };
  }
}

function wording(bot: OpenBot, { subscription, title, languageCode }: Watched, what: 'remind' | 'win_back') {
  const words = bot.words(languageCode, subscription.productId);
  const product = publicId('product', subscription.productId);
  const text =
    what === 'remind'
      ? words.say('subscription.ends_soon', { title, until: subscription.paidUntil })
      : words.say('subscription.come_back', { title });
  const button = words.say('subscription.again', { title, price: subscription.stars });
  return { text, keyboard: new InlineKeyboard().text(button, `buy:${product}`) };
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: LATER_MS });
