import { Injectable, Logger } from '@nestjs/common';
import type { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { BuyerService } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, BotService, CAN, type OpenBot } from '#libs/tenants';
import { type JobOutcome, UNTIL_LIFTED, untilToken } from './job-handler.js';

interface Remark {
  readonly botId: string;
  /** Telegram's id of the person. */
  readonly to: number;
  /** The text, as worded for this bot. */
  readonly text: (bot: OpenBot) => string;
  readonly keyboard?: (bot: OpenBot) => InlineKeyboard | undefined;
  /** Runs when that person cannot be reached, in addition to the usual record. */
  readonly missed?: (tx: TenantTx) => Promise<void>;
  /** True to send it even in a workspace that may send no messages, for returned Stars. */
  readonly restrictedToo?: boolean;
}

interface Copy extends Pick<Remark, 'botId' | 'to'> {
  readonly fromChatId: number;
  readonly messageId: number;
  /** Replaces the message's own caption. */
  readonly caption: string;
}

/**
 * Sends one message to one person. If the response is lost, it is sent again: twice is better than never. The job ends
 * if the bot was removed or the person cannot be reached.
 */
@Injectable()
export class BotVoice {
  private readonly log = new Logger('Alerts');

  constructor(
    private readonly db: Database,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
    private readonly buyers: BuyerService,
  ) {}

  /**
   * Copies a message of another chat to a person, once. If Telegram does not copy it, the message before it says where
   * to find it.
   */
  async copy({ tenantId }: ClaimedJob, { botId, to, fromChatId, messageId, caption }: Copy): Promise<void> {
    const bot = await this.directory.open(tenantId, botId);
    if (bot === undefined) return;
    try {
      await this.telegram.api(bot.token).copyMessage(to, fromChatId, messageId, { caption });
    } catch (error) {
      this.log.warn(`A message to support was not copied: ${String(error)}`);
    }
  }

  /** @returns `done` when it was sent, or never can be; with an effect when the person cannot be reached */
  async say({ tenantId }: ClaimedJob, remark: Remark): Promise<JobOutcome> {
    const { botId, to, text, keyboard, restrictedToo } = remark;
    const bot = await this.directory.open(tenantId, botId);
    if (bot === undefined) return { kind: 'done' };
    if (restrictedToo !== true && !CAN[bot.tenantState].message) return UNTIL_LIFTED;
    if (bot.state === 'token_invalid') return untilToken();
    try {
      const markup = keyboard?.(bot);
      await this.telegram.api(bot.token).sendMessage(to, text(bot), markup && { reply_markup: markup });
      return { kind: 'done' };
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const verdict = judge(error);
      if (verdict.kind === 'retry') return { kind: 'retry', error: said, afterMs: verdict.afterMs };
      // A refusal that is not about the person is our mistake; the job is eventually parked for staff to see.
      if (verdict.kind === 'unknown' || verdict.kind === 'refused') return { kind: 'retry', error: said };
      if (verdict.kind === 'unreachable') return { kind: 'done', effect: (tx) => this.unreachable(tx, remark) };
      if (verdict.kind !== 'token_invalid') return { kind: 'done' };
      await this.db.inTenant(tenantId, (tx) => this.bots.markTokenInvalid(tx, botId, bot.token));
      return untilToken(said);
    }
  }

  private async unreachable(tx: TenantTx, { botId, to, missed }: Remark): Promise<void> {
    await this.buyers.markUnreachable(tx, botId, to);
    await missed?.(tx);
  }
}
