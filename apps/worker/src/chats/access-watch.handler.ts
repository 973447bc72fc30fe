import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import {
  BuyerKeptOut,
  ChatAccessService,
  ChatClosed,
  ChatDoor,
  type ChatRow,
  ChatService,
  admissionRetryMs,
  type OpenAccess,
} from '#libs/chats';
import { Database, type TenantTx } from '#libs/database';
import { ChatInviter } from '#libs/delivery';
import { type ClaimedJob } from '#libs/journal';
import { type Clock, MINUTE, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { CheckoutService } from '#libs/sales';
import { judge } from '#libs/telegram';
import { BotDirectory, BotService, CAN, type OpenBot } from '#libs/tenants';
import { BotVoice } from '../jobs/bot-voice.js';
import { type JobHandler, type JobOutcome, UNTIL_LIFTED, untilToken } from '../jobs/job-handler.js';

const KEPT_OUT_WORDS = {
  too_many_chats: 'access.too_many_chats',
  banned: 'access.banned',
  // Never shown to anyone.
  gone: 'access.banned',
} as const;

/** Milliseconds until the next check when a step is impossible now. */
const LATER_MS = 10 * MINUTE;

type Reminder = Extract<OpenAccess['step'], { readonly kind: 'remind' }>;

interface Visit extends OpenAccess {
  readonly job: ClaimedJob;
  readonly bot: OpenBot;
  readonly chat: ChatRow;
}

/**
 * Manages one buyer's access to a chat: approves requests, revokes used links, reminds, and removes the buyer when
 * everything that was paid for has ended. One step per run; each is stored, and storing it schedules the next check.
 */
@Injectable()
export class AccessWatchHandler implements JobHandler {
  readonly kind = 'access.watch';

  constructor(
    private readonly db: Database,
    private readonly chats: ChatService,
    private readonly accesses: ChatAccessService,
    private readonly door: ChatDoor,
    private readonly inviter: ChatInviter,
    private readonly checkout: CheckoutService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly voice: BotVoice,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const now = this.clock.now();
    const open = await this.db.inTenant(job.tenantId, (tx) => this.accesses.look(tx, job.subject, now));
    if (open === undefined || open.step.kind === 'nothing') return { kind: 'done' };
    const { step, access } = open;
    if (step.kind === 'wait') {
      return { kind: 'wait', error: 'nothing is due yet', afterMs: step.until.getTime() - now.getTime() };
    }
    const bot = await this.directory.open(job.tenantId, access.botId);
    if (bot === undefined) return this.withoutBot(open, now);
    if (!CAN[bot.tenantState].deliver) return UNTIL_LIFTED;
    if (bot.state === 'token_invalid') return untilToken();
    const chat = await this.db.inTenant(job.tenantId, (tx) => this.chats.get(tx, access.chatId));
    return this.try({ ...open, job, bot, chat });
  }

  /** Tells the creator that the attempts have run out; staff see the job. */
  giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    return this.accesses.hindered(tx, job.subject, error, this.clock.now());
  }

  /** Ends the access without the bot: a removed bot cannot remove anyone. It may be restored before that. */
  private withoutBot({ step, access: { id, link } }: OpenAccess, now: Date): JobOutcome {
    if (step.kind === 'end') return this.done(async (tx) => void (await this.accesses.out(tx, id, now)));
    if (step.kind === 'revoke_link' && link !== null) return this.done((tx) => this.accesses.revoked(tx, id, link));
    if (step.kind === 'remind') return this.done((tx) => this.accesses.reminded(tx, id, step.paidUntil));
    return wait('the bot was removed');
  }

  private async try(visit: Visit): Promise<JobOutcome> {
    try {
      return await this.act(visit);
    } catch (error) {
      if (error instanceof BuyerKeptOut) return this.keptOut(visit, error);
      if (error instanceof ChatClosed) return { kind: 'retry', error: error.message };
      const verdict = judge(error);
      if (verdict.kind === 'retry') return { kind: 'wait', error: String(error), afterMs: verdict.afterMs };
      if (verdict.kind !== 'token_invalid') return { kind: 'retry', error: String(error) };
      const { job, bot } = visit;
      await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
      return untilToken(String(error));
    }
  }

  /**
   * Tells the buyer what they can do, and the creator why. The admission is retried as long as the buyer has paid time
   * left.
   */
  private async keptOut({ job, access, chat }: Visit, { because, message }: BuyerKeptOut): Promise<JobOutcome> {
    const { id, botId, buyerId } = access;
    const now = this.clock.now();
    if (access.failure !== message) {
      const languageCode = await this.db.inTenant(job.tenantId, (tx) => this.accesses.languageOf(tx, access));
      const text = (own: OpenBot) => own.words(languageCode).say(KEPT_OUT_WORDS[because], { chat: chat.title });
      const said = await this.voice.say(job, { botId, to: buyerId, text });
      if (said.kind === 'retry') return said;
      await this.db.inTenant(job.tenantId, (tx) => this.accesses.hindered(tx, id, message, now));
    }
    return { kind: 'wait', error: message, afterMs: admissionRetryMs(access, now) };
  }

  private async act(visit: Visit): Promise<JobOutcome> {
    const { step, access, bot, chat } = visit;
    const { id, link, intruderId, buyerId } = access;
    const now = this.clock.now();
    if (step.kind === 'admit') {
      const letIn = await this.door.admit(bot, chat, buyerId);
      return this.done((tx) => this.accesses.answered(tx, id, letIn, now));
    }
    if (step.kind === 'revoke_link' && link !== null) {
      await this.door.revoke(bot, chat, link);
      return this.done((tx) => this.accesses.revoked(tx, id, link));
    }
    if (step.kind === 'expel' && intruderId !== null) {
      const stays = await this.db.inTenant(visit.job.tenantId, (tx) =>
        this.accesses.mayStay(tx, chat.id, intruderId, now),
      );
      if (!stays && (await this.door.presence(bot, chat, intruderId)) === 'in')
        await this.door.remove(bot, chat, intruderId);
      return this.done((tx) => this.accesses.expelled(tx, id, intruderId));
    }
    if (step.kind === 'readmit') {
      if ((await this.door.presence(bot, chat, buyerId)) === 'banned') await this.door.unban(bot, chat, buyerId);
      return this.leave(visit);
    }
    if (step.kind === 'reinvite') return this.reinvite(visit);
    return step.kind === 'remind' ? this.remind(visit, step) : this.end(visit);
  }

  /** Sends a new link. A buyer who can no longer be messaged may ask for it when they come back. */
  private async reinvite({ job, access, bot, chat }: Visit): Promise<JobOutcome> {
    const { id, link, buyerId } = access;
    if (link !== null) {
      await this.door.revoke(bot, chat, link);
      await this.db.inTenant(job.tenantId, (tx) => this.accesses.revoked(tx, id, link));
    }
    if (buyerId > 0) {
      const languageCode = await this.db.inTenant(job.tenantId, (tx) => this.accesses.languageOf(tx, access));
      await this.inviter.send(bot, bot.words(languageCode), chat.id, buyerId).catch((error: unknown) => {
        if (error instanceof ChatClosed || error instanceof BuyerKeptOut || judge(error).kind !== 'unreachable')
          throw error;
      });
    }
    return this.done((tx) => this.accesses.reinvited(tx, id));
  }

  /** Reminds the buyer, with today's price if they can buy it again. A failed reminder never delays the removal. */
  private async remind(
    { job, access, bot, chat }: Visit,
    { paidUntil: until, productId }: Reminder,
  ): Promise<JobOutcome> {
    const { id, botId, buyerId } = access;
    const remembered = this.done((tx) => this.accesses.reminded(tx, id, until));
    if (buyerId < 0) return remembered;
    const { quote, languageCode } = await this.db.inTenant(job.tenantId, async (tx) => ({
      quote: await this.checkout.quote(tx, { botId, buyerId, productId }, this.clock.now()),
      languageCode: await this.accesses.languageOf(tx, access),
    }));
    const words = bot.words(languageCode, productId);
    const offer = quote?.refusal === undefined ? quote : undefined;
    const said = await this.voice.say(job, {
      botId,
      to: buyerId,
      text: () =>
        [
          words.say('access.ends_soon', { chat: chat.title, until }),
          ...(offer === undefined ? [] : [words.say('access.extend_how')]),
        ].join('\n'),
      keyboard: () =>
        offer &&
        new InlineKeyboard().text(
          words.say('access.extend', { price: offer.stars }),
          `buy:${publicId('product', productId)}`,
        ),
    });
    return said.kind === 'done' ? remembered : wait('the buyer could not be reminded');
  }

  /**
   * Removes the buyer. Administrators and owners are never removed. A ban that is not ours can only be lifted by
   * whoever imposed it.
   */
  private async end(visit: Visit): Promise<JobOutcome> {
    const { job, access, bot, chat } = visit;
    if (access.link !== null) await this.door.revoke(bot, chat, access.link);
    const presence = await this.door.presence(bot, chat, access.buyerId);
    const begun = access.state === 'ending';
    if (presence === 'banned' && begun) await this.door.unban(bot, chat, access.buyerId);
    if (presence === 'in') {
      const now = this.clock.now();
      const due = await this.db.inTenant(job.tenantId, (tx) => this.accesses.beginEnd(tx, access.id, now));
      if (!due) return this.done(() => Promise.resolve());
      await this.door.remove(bot, chat, access.buyerId);
    }
    return this.leave(visit);
  }

  /** Records that the buyer was removed. If they have paid meanwhile, sends a new link, else tells them. */
  private async leave({ job, access, bot, chat, lapsed }: Visit): Promise<JobOutcome> {
    const now = this.clock.now();
    const { outcome, languageCode } = await this.db.inTenant(job.tenantId, async (tx) => ({
      outcome: await this.accesses.out(tx, access.id, now),
      languageCode: await this.accesses.languageOf(tx, access),
    }));
    const words = bot.words(languageCode);
    if (outcome === 'again') await this.inviter.send(bot, words, chat.id, access.buyerId);
    // A courtesy: the access has ended whether or not the buyer gets the message.
    else if (lapsed && access.buyerId > 0) {
      const keyboard = await this.inviter.comeBack(bot, words, chat.id, access.buyerId);
      await this.voice.say(job, {
        botId: bot.botId,
        to: access.buyerId,
        text: () => words.say('access.over', { chat: chat.title }),
        keyboard: () => keyboard,
      });
    }
    return this.done(() => Promise.resolve());
  }

  private done(effect: (tx: TenantTx) => Promise<void>): JobOutcome {
    return { kind: 'done', effect };
  }
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: LATER_MS });
