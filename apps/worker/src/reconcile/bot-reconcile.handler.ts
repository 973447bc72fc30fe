import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import {
  type Measured,
  ReconciliationHealer,
  type ReconciliationRow,
  ReconciliationService,
  StarTransactionReader,
} from '#libs/sales';
import { SpendingReconciler } from '#libs/spending';
import { judge, Telegram, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import { BotDirectory, BotService, type OpenBot } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Pages of one bot's list per run; then another bot gets a turn. */
const PAGES = 10;
/** Attempts to read a balance and a list of the same moment for a bot that sells continuously. */
const MEASURES = 3;

/** More of the list has to be read or recorded, after other bots have had their turn. */
const MORE: JobOutcome = { kind: 'wait', error: "more of Telegram's list has to be read", afterMs: 0 };

/**
 * Reconciles one bot's books with Telegram's: reads the rest of the list, records missing transactions, explains the
 * balance.
 */
@Injectable()
export class BotReconcileHandler implements JobHandler {
  readonly kind = 'bot.reconcile';

  constructor(
    private readonly db: Database,
    private readonly reconciliations: ReconciliationService,
    private readonly healer: ReconciliationHealer,
    private readonly reader: StarTransactionReader,
    private readonly spendings: SpendingReconciler,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
    @Inject(CONFIG) private readonly config: Pick<Config, 'reconcile'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const bot = await this.directory.open(job.tenantId, job.subject);
    // Once it has a token again, the sweeper schedules the next reconciliation.
    if (bot === undefined || bot.state === 'token_invalid')
      return this.failed(job, 'The bot has no working token.', false);
    const run = await this.db.inTenant(job.tenantId, (tx) =>
      this.reconciliations.current(tx, job.subject, this.config.reconcile, this.clock.now()),
    );
    if (run === undefined) return { kind: 'done' };
    try {
      return await this.compare(run, bot);
    } catch (error) {
      return this.afterError(job, bot, error);
    }
  }

  async giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    await this.reconciliations.fail(tx, job.subject, error, this.config.reconcile, this.clock.now());
  }

  private async compare(run: ReconciliationRow, bot: OpenBot): Promise<JobOutcome> {
    await this.reader.renewWithdrawals(bot);
    const measured = await this.measure(run, bot);
    const healed = await this.healer.heal(run, this.clock.now());
    if (measured === undefined || !healed) return MORE;
    return {
      kind: 'done',
      effect: async (tx) => {
        const now = this.clock.now();
        await this.reconciliations.conclude(tx, run.id, measured, now);
        await this.spendings.settle(tx, run.botId, run.startedAt, now);
      },
    };
  }

  /**
   * Reads the list to its end, and the balance at a moment when nothing is added to the list.
   * @returns undefined when the list is too long for one run
   */
  private async measure(run: ReconciliationRow, bot: OpenBot): Promise<Measured | undefined> {
    let measures = 0;
    let atEnd = true;
    for (let page = 0; page < PAGES; page += 1) {
      const balance = atEnd ? await this.balance(bot) : undefined;
      const read = await this.reader.readPage(bot, (tx, counted) => this.reconciliations.count(tx, run.id, counted));
      atEnd = read.atEnd;
      if (balance === undefined || !atEnd) continue;
      measures += 1;
      if (read.rows === 0 || measures === MEASURES) return { balance, stoodStill: read.rows === 0 };
    }
    return undefined;
  }

  private async balance(bot: OpenBot): Promise<Measured['balance']> {
    const { amount, nanostar_amount: nanostars = 0 } = await this.telegram.starBalance(bot.token);
    return { stars: amount, nanostars };
  }

  private async afterError(job: ClaimedJob, bot: OpenBot, error: unknown): Promise<JobOutcome> {
    if (!(error instanceof TelegramRefused || error instanceof TelegramUnreachable)) throw error;
    const verdict = judge(error);
    switch (verdict.kind) {
      case 'retry':
        return { kind: 'wait', error: error.message, afterMs: verdict.afterMs };
      case 'unknown':
        return { kind: 'retry', error: error.message };
      case 'token_invalid':
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
        return this.failed(job, error.message, false);
      case 'unreachable':
      case 'refused':
        return this.failed(job, error.message, true);
    }
  }

  private failed(job: ClaimedJob, error: string, again: boolean): JobOutcome {
    const next = again && this.config.reconcile;
    return {
      kind: 'done',
      effect: (tx) => this.reconciliations.fail(tx, job.subject, error, next, this.clock.now()),
    };
  }
}
