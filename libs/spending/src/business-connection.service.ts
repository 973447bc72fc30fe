import { Injectable } from '@nestjs/common';
import type { BusinessConnection } from 'grammy/types';
import { type Cursor, Database, seek, type TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { BotCalls, type OpenBot, TelegramSaidNo } from '#libs/tenants';
import { rightsOf } from './business.js';
import { BusinessConnectionRow } from './business-connection.entity.js';
import { businessConnectionView } from './business-view.js';

export interface ConnectionFilter extends Cursor {
  readonly botId?: string | undefined;
  readonly limit: number;
}

/** Accounts that let a bot act for them, with the bot's rights. */
@Injectable()
export class BusinessConnections {
  constructor(
    private readonly db: Database,
    private readonly calls: BotCalls,
    private readonly events: EventStore,
  ) {}

  /** Stores a connection as Telegram reports it (Bot API, BusinessConnection). Idempotent. */
  async record(tx: TenantTx, botId: string, told: BusinessConnection, now: Date): Promise<BusinessConnectionRow> {
    const key = { tenantId: tx.tenantId, botId, telegramConnectionId: told.id };
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`business ${tx.tenantId} ${told.id}`]);
    const before = await tx.manager.findOneBy(BusinessConnectionRow, key);
    const facts = { rights: rightsOf(told.rights), enabled: told.is_enabled };
    if (before !== null && before.enabled === facts.enabled && before.rights.join() === facts.rights.join())
      return before;
    const row: BusinessConnectionRow = {
      ...key,
      userId: told.user.id,
      id: newUuid(now.getTime()),
      connectedAt: new Date(told.date * 1_000),
      createdAt: now,
      ...before,
      ...facts,
      updatedAt: now,
    };
    if (before === null) await tx.manager.insert(BusinessConnectionRow, { ...row, rights: facts.rights });
    else
      await tx.manager.update(
        BusinessConnectionRow,
        { tenantId: tx.tenantId, id: row.id },
        { ...facts, updatedAt: now },
      );
    const data = businessConnectionView(row);
    const previous = before === null ? {} : { previous: previousOf(businessConnectionView(before), data) };
    await this.events.record(tx, { type: 'business_connection.updated', botId, data, ...previous });
    return row;
  }

  /**
   * The connection as Telegram reports it now.
   * @throws NotFound when Telegram no longer knows it, and the errors of {@link BotCalls.ask}
   */
  async fresh(bot: OpenBot, known: BusinessConnectionRow, now: Date): Promise<BusinessConnectionRow> {
    const told = await this.calls
      .ask(bot, (api) => api.getBusinessConnection(known.telegramConnectionId))
      .catch((error: unknown) => {
        throw error instanceof TelegramSaidNo ? new NotFound('business connection') : error;
      });
    return this.db.inTenant(bot.tenantId, (tx) => this.record(tx, bot.botId, told, now));
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<BusinessConnectionRow> {
    const row = await tx.manager.findOneBy(BusinessConnectionRow, { tenantId: tx.tenantId, id });
    if (row === null) throw new NotFound('business connection');
    return row;
  }

  /** Newest first. */
  list(tx: TenantTx, { botId, limit, ...cursor }: ConnectionFilter): Promise<BusinessConnectionRow[]> {
    const query = tx.manager
      .createQueryBuilder(BusinessConnectionRow, 'c')
      .where('c.tenantId = :t', { t: tx.tenantId });
    if (botId !== undefined) query.andWhere('c.botId = :botId', { botId });
    return seek(query, 'c.id', cursor).limit(limit).getMany();
  }
}
