import { Injectable } from '@nestjs/common';
import { Database, DatabaseTrouble } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { DomainError, MINUTE } from '#libs/kernel';
import { QuotaExhausted } from '#libs/quotas';
import {
  BotAlreadyRegistered,
  BotImports,
  BotService,
  MAX_ATTEMPTS,
  type NextBot,
  RegistrationInProgress,
  TelegramUnavailable,
  TenantRestricted,
} from '#libs/tenants';
import { type JobHandler, type JobOutcome, UNTIL_LIFTED } from '../jobs/job-handler.js';

/**
 * Registers the bots of a file, one per run, so that workspaces take turns. All imports share a pace that leaves room
 * for bots that are registered one by one. Waiting for a turn, or for Telegram, does not count as a failed attempt.
 */
@Injectable()
export class BotImportHandler implements JobHandler {
  readonly kind = 'bot.import';

  constructor(
    private readonly db: Database,
    private readonly imports: BotImports,
    private readonly bots: BotService,
  ) {}

  async run({ tenantId, subject }: ClaimedJob): Promise<JobOutcome> {
    if (await this.db.inTenant(tenantId, (tx) => this.imports.hasMore(tx, subject))) {
      const afterMs = await this.imports.takeTurn();
      if (afterMs > 0) return { kind: 'wait', error: 'other bots are being registered', afterMs };
    }
    const next = await this.db.confirm(tenantId, (tx) => this.imports.begin(tx, subject));
    if (next === undefined) return { kind: 'done' };
    try {
      const { id } = await this.bots.register(tenantId, next);
      await this.db.confirm(tenantId, (tx) => this.imports.succeed(tx, next.lineId, id));
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof DatabaseTrouble) throw error;
      return this.refused(tenantId, next, error);
    }
    return AGAIN;
  }

  private async refused(tenantId: string, next: NextBot, why: DomainError): Promise<JobOutcome> {
    const isLate = why instanceof TelegramUnavailable || why instanceof RegistrationInProgress;
    if (why instanceof TenantRestricted || (isLate && next.attempts < MAX_ATTEMPTS)) {
      await this.db.confirm(tenantId, (tx) => this.imports.postpone(tx, next, why));
      return isLate ? { kind: 'wait', error: why.message, afterMs: next.attempts * MINUTE } : UNTIL_LIFTED;
    }
    await this.db.confirm(tenantId, async (tx) => {
      const wasMade = why instanceof BotAlreadyRegistered && next.attempts > 1;
      const botId = wasMade ? await this.imports.botOf(tx, next) : undefined;
      if (botId !== undefined) await this.imports.succeed(tx, next.lineId, botId);
      else await this.imports.fail(tx, next, why, why instanceof QuotaExhausted);
    });
    return AGAIN;
  }
}

const AGAIN: JobOutcome = { kind: 'wait', error: 'the next bot follows', afterMs: 0 };
