import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  CheckoutService,
  type Quote,
  SubscriptionList,
  SubscriptionService,
  wayToResume,
  type Watched,
} from '#libs/sales';
import type { OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';
import { BotVoice } from '../jobs/bot-voice.js';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

interface Remark {
  readonly what: 'remind' | 'farewell' | 'win_back';
  readonly text: (words: Phrasebook) => string;
  readonly keyboard?: (words: Phrasebook) => InlineKeyboard | undefined;
  readonly restrictedToo?: boolean;
}

/**
 * Manages one subscription: waits for the next relevant time, reminds the buyer, ends it, and invites the buyer back.
 */
@Injectable()
export class SubscriptionWatchHandler implements JobHandler {
  readonly kind = 'subscription.watch';

  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionService,
    private readonly lists: SubscriptionList,
    private readonly checkout: CheckoutService,
    private readonly voice: BotVoice,
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
    // The end is a change, and each change schedules the next check.
    if (step.kind === 'end') {
      return this.done(async (tx) => void (await this.subscriptions.end(tx, job.subject, now)));
    }
    if (step.kind === 'farewell') return this.farewell(job, watched, now);
    return step.kind === 'remind' ? this.remind(job, watched, now) : this.winBack(job, watched, now);
  }

  /** Reminds the buyer, and offers to renew: a new subscription would begin at once and waste the rest of this one. */
  private remind(job: ClaimedJob, watched: Watched, now: Date): Promise<JobOutcome> {
    const { title, subscription } = watched;
    const { paidUntil: until } = subscription;
    const way = wayToResume(subscription);
    const resume = `resub:${publicId('subscription', subscription.id)}`;
    return this.tell(job, watched, now, {
      what: 'remind',
      text: (words) => {
        const said = words.say('subscription.ends_soon', { title, until });
        return way === 'telegram' ? `${said}\n${words.say('subscription.switch_on')}` : said;
      },
      keyboard: (words) =>
        way === 'bot' ? new InlineKeyboard().text(words.say('subscription.resume', { title }), resume) : undefined,
    });
  }

  /**
   * Sends a farewell regardless of the workspace's restrictions: it concerns the buyer's money, and cannot be sent
   * later.
   */
  private farewell(job: ClaimedJob, watched: Watched, now: Date): Promise<JobOutcome> {
    const { title, subscription } = watched;
    return this.tell(job, watched, now, {
      what: 'farewell',
      text: (words) => words.say('subscription.farewell', { title, until: subscription.paidUntil }),
      restrictedToo: true,
    });
  }

  /**
   * Invites the buyer to come back, at today's price. Skips buyers who cannot buy it because it is no longer sold or
   * they already have it again.
   */
  private async winBack(job: ClaimedJob, watched: Watched, now: Date): Promise<JobOutcome> {
    const quote = await this.db.inTenant(job.tenantId, (tx) => this.checkout.quote(tx, watched.subscription, now));
    if (quote === undefined || quote.refusal !== undefined) return { kind: 'done' };
    const { title } = quote.product;
    return this.tell(job, watched, now, {
      what: 'win_back',
      text: (words) => words.say('subscription.come_back', { title }),
      keyboard: (words) => buyAgain(words, quote),
    });
  }

  private async tell(job: ClaimedJob, watched: Watched, now: Date, remark: Remark): Promise<JobOutcome> {
    const { languageCode, subscription } = watched;
    const { botId, buyerId, productId } = subscription;
    const { what, text, keyboard, restrictedToo = false } = remark;
    const wordsOf = (bot: OpenBot) => bot.words(languageCode, productId);
    const said = await this.voice.say(job, {
      botId,
      to: buyerId,
      text: (bot) => text(wordsOf(bot)),
      keyboard: (bot) => keyboard?.(wordsOf(bot)),
      restrictedToo,
    });
    return said.kind === 'done' ? this.done((tx) => this.subscriptions.told(tx, job.subject, what, now)) : said;
  }

  private done(effect: (tx: TenantTx) => Promise<void>): JobOutcome {
    return { kind: 'done', effect };
  }
}

function buyAgain(words: Phrasebook, { product, stars: price }: Quote): InlineKeyboard | undefined {
  const { id, title, terms } = product;
  const period = terms.subscription?.periodSeconds;
  if (period === undefined) return undefined;
  const button = words.say('subscription.again', { title, price, period });
  return new InlineKeyboard().text(button, `buy:${publicId('product', id)}`);
}
