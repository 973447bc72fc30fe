import { Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { HOUR, newUuid } from '#libs/kernel';
import { IsNull } from 'typeorm';
import { type Admission, type BotRights, type ChatType, isOpenToAnybody, obstaclesIn, type Upgrade } from './chat.js';
import { ChatRow } from './chat.entity.js';
import { ChatMigrations } from './chat-migration.service.js';
import { ChatStore } from './chat.store.js';
import { chatEventView } from './chat-view.js';

/** A chat as Telegram describes it. */
export interface ToldChat {
  readonly telegramId: number;
  readonly type: ChatType;
  readonly title: string;
  readonly username: string | null;
}

export interface ChatFilter extends Cursor {
  readonly botId?: string | undefined;
  /** true: only those whose access can be sold; false: only the others. */
  readonly ready?: boolean | undefined;
  readonly limit: number;
}

export interface ChatChange {
  readonly admission?: Admission | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Maximum number of chats stored per bot, because anyone can add a bot to a chat of theirs. */
const MOST = 500;

/** The chats of a tenant's bots. Every change is reported to the creator, and decides whether access is sold. */
@Injectable()
export class ChatService {
  constructor(
    private readonly events: EventStore,
    private readonly store: ChatStore,
    private readonly migrations: ChatMigrations,
  ) {}

  /** Returns a chat; for one that was merged into another, the other. @throws NotFound */
  get(tx: TenantTx, id: string): Promise<ChatRow> {
    return this.store.get(tx, id);
  }

  /** Newest first. */
  list(tx: TenantTx, { botId, ready, limit, ...cursor }: ChatFilter): Promise<ChatRow[]> {
    const { where, order } = seekOptions(cursor);
    const query = tx.manager
      .createQueryBuilder(ChatRow, 'c')
      .where({ tenantId: tx.tenantId, mergedInto: IsNull(), ...(botId === undefined ? {} : { botId }), ...where })
      .orderBy('c.id', order.id)
      .limit(limit);
    if (ready !== undefined) query.andWhere(`c.lacking_since is ${ready ? 'null' : 'not null'}`);
    return query.getMany();
  }

  /** Finds a chat by its present or former Telegram id; undefined when the bot was never an administrator there. */
  find(tx: TenantTx, botId: string, telegramId: number): Promise<ChatRow | undefined> {
    return this.store.find(tx, botId, telegramId);
  }

  /** Finds a chat by its Telegram id or `@name`; undefined when the bot was never an administrator there. */
  async findByName(tx: TenantTx, botId: string, name: string): Promise<ChatRow | undefined> {
    if (!name.startsWith('@')) return this.find(tx, botId, Number(name));
    const where = { tenantId: tx.tenantId, botId, mergedInto: IsNull(), username: name.slice(1) };
    return (await tx.manager.findOneBy(ChatRow, where)) ?? undefined;
  }

  /** Stores a creator's decisions about a chat. @throws NotFound */
  async update(tx: TenantTx, id: string, change: ChatChange, now: Date): Promise<ChatRow> {
    const before = await this.store.lock(tx, id);
    const { admission = before.admission, metadata = before.metadata } = change;
    return this.store.change(tx, before, { admission, metadata: { ...metadata } }, now);
  }

  /**
   * Records a bot's standing in a chat, as Telegram reports it. A chat is stored once the bot becomes an administrator
   * there, not before. Reports about a group that has become a supergroup are outdated and ignored.
   */
  async heard(tx: TenantTx, botId: string, told: ToldChat, rights: BotRights, now: Date): Promise<void> {
    const known = await this.find(tx, botId, told.telegramId);
    if (known !== undefined) return this.learn(tx, known, told, rights, now);
    if (rights.standing !== 'administrator') return;
    await this.migrations.lockNumbers(tx);
    const numbers = await this.migrations.numbersOf(tx, told.telegramId);
    const meanwhile = await this.find(tx, botId, numbers.now);
    if (meanwhile === undefined) return this.connect(tx, botId, told, numbers, rights, now);
    await this.learn(tx, meanwhile, told, rights, now);
  }

  /**
   * Stores the result of a check under one Telegram id. Drops the result if the chat's id has changed in the meantime.
   * @throws NotFound
   */
  async seen(
    tx: TenantTx,
    { id, telegramId }: Pick<ChatRow, 'id' | 'telegramId'>,
    seen: BotRights &
      Partial<ToldChat> & { readonly joinByRequest?: boolean; readonly memberCount?: number; readonly lookedAt: Date },
    now: Date,
  ): Promise<void> {
    const before = await this.store.lock(tx, id);
    if (before.telegramId === telegramId) await this.store.change(tx, before, seen, now);
  }

  /** Stores a chat's title and public name from an update; otherwise only the next check notices such changes. */
  async named(tx: TenantTx, known: ChatRow, told: ToldChat, now: Date): Promise<void> {
    if (known.title === told.title && known.username === told.username) return;
    await this.learn(tx, known, told, {}, now);
  }

  /**
   * Records that a group has become a supergroup with another id. Idempotent, and independent of the order of reports
   * about the two.
   */
  migrated(tx: TenantTx, upgrade: Upgrade, now: Date): Promise<void> {
    return this.migrations.record(tx, upgrade, now);
  }

  private async learn(
    tx: TenantTx,
    { id }: ChatRow,
    { telegramId, ...told }: ToldChat,
    rights: Partial<BotRights>,
    now: Date,
  ): Promise<void> {
    const before = await this.store.lock(tx, id);
    if (before.telegramId === telegramId) await this.store.change(tx, before, { ...told, ...rights }, now);
  }

  private async connect(
    tx: TenantTx,
    botId: string,
    heard: ToldChat,
    numbers: { readonly now: number; readonly former: number | null },
    rights: BotRights,
    now: Date,
  ): Promise<void> {
    const isOld = heard.telegramId !== numbers.now;
    const told = isOld ? { ...heard, telegramId: numbers.now, type: 'supergroup' as const } : heard;
    const id = newUuid(now.getTime());
    const isPublic = isOpenToAnybody({ ...told, joinByRequest: false });
    const lackingSince = obstaclesIn({ ...told, ...rights, joinByRequest: false }).length === 0 ? null : now;
    const made = await tx.query(
      `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, username, standing, can_invite, can_remove, lacking_since,
         looked_at, look_due_at, former_telegram_id, created_at, updated_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $13, $15, $14, $12, $12
       where (select count(*) from chats where tenant_id = $1 and bot_id = $3 and merged_into is null) < ${MOST}
       on conflict (tenant_id, bot_id, telegram_id) where merged_into is null do nothing returning 1`,
      [
        tx.tenantId,
        id,
        botId,
        told.telegramId,
        told.type,
        told.title,
        told.username,
        rights.standing,
        rights.canInvite,
        rights.canRemove,
        lackingSince,
        now,
        // Only a check can tell whether people who use its public name need approval, and whether the group's facts
        // also apply to the supergroup.
        isPublic || isOld ? new Date(0) : now,
        numbers.former,
        isPublic || isOld ? now : new Date(now.getTime() + HOUR),
      ],
    );
    if (made.length === 0) return;
    await this.events.record(tx, { type: 'chat.connected', botId, data: chatEventView(await this.get(tx, id)) });
  }
}
