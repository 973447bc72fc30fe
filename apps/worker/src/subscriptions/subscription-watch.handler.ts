import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SubscriptionList, SubscriptionService, type Watched } from '#libs/sales';
import type { OpenBot } from '#libs/tenants';
import { BotVoice } from '../jobs/bot-voice.js';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Accompanies one subscription: waits for the next moment that matters, reminds, ends, and asks back. */
@Injectable()
export class SubscriptionWatchHandler implements JobHandler {
  readonly kind = 'subscription.watch';

  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionService,
    private readonly lists: SubscriptionList,
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
    // The end is a change, and each change plans the next look.
    if (step.kind === 'end') {
      return this.done(async (tx) => void (await this.subscriptions.end(tx, job.subject, now)));
    }
    return this.tell(job, watched, step.kind, now);
  }

  private async tell(job: ClaimedJob, watched: Watched, what: 'remind' | 'win_back', now: Date): Promise<JobOutcome> {
    const { botId, buyerId } = watched.subscription;
    const said = await this.voice.say(job, {
      botId,
      to: buyerId,
      text: (bot) => wording(bot, watched, what),
      keyboard: (bot) => buyAgain(bot, watched),
    });
    return said.kind === 'done' ? this.done((tx) => this.subscriptions.told(tx, job.subject, what, now)) : said;
  }

  private done(effect: (tx: TenantTx) => Promise<void>): JobOutcome {
    return { kind: 'done', effect, rings: ['relay', 'delivery'] };
  }
}

const wordsOf = (bot: OpenBot, { subscription, languageCode }: Watched) =>
  bot.words(languageCode, subscription.productId);

function wording(bot: OpenBot, watched: Watched, what: 'remind' | 'win_back'): string {
  const { subscription, title } = watched;
  const words = wordsOf(bot, watched);
  return what === 'remind'
    ? words.say('subscription.ends_soon', { title, until: subscription.paidUntil })
    : words.say('subscription.come_back', { title });
}

function buyAgain(bot: OpenBot, watched: Watched) {
  const { subscription, title } = watched;
  const button = wordsOf(bot, watched).say('subscription.again', { title, price: subscription.stars });
  return new InlineKeyboard().text(button, `buy:${publicId('product', subscription.productId)}`);
}
