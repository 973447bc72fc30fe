import { Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { EventStore, JobStore, previousOf } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { type Admission, type BotRights, chatEventView, type ChatType, isOpenToAnybody, obstaclesIn } from './chat.js';
import { ChatRow } from './chat.entity.js';

/** A chat as Telegram describes it. */
export interface ToldChat {
  readonly telegramId: number;
  readonly type: ChatType;
  readonly title: string;
  readonly username: string | null;
}

export interface ChatFilter extends Cursor {
  readonly botId?: string | undefined;
  /** Only those to which access can be sold, or only the others. */
  readonly ready?: boolean | undefined;
  readonly limit: number;
}

export interface ChatChange {
  readonly admission?: Admission | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Anybody can add a bot to a chat of theirs; more than this many of one bot are not kept. */
const MOST = 500;

/** The chats of a tenant's bots. Whatever changes in one is told its creator, and decides whether access to it is sold. */
@Injectable()
export class ChatService {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<ChatRow> {
    const chat = await tx.manager.findOneBy(ChatRow, { tenantId: tx.tenantId, id });
    if (chat === null) throw new NotFound('chat');
    return chat;
  }

  /** Newest first. */
  list(tx: TenantTx, { botId, ready, limit, ...cursor }: ChatFilter): Promise<ChatRow[]> {
    const { where, order } = seekOptions(cursor);
    const query = tx.manager
      .createQueryBuilder(ChatRow, 'c')
      .where({ tenantId: tx.tenantId, ...(botId === undefined ? {} : { botId }), ...where })
      .orderBy('c.id', order.id)
      .limit(limit);
    if (ready !== undefined) query.andWhere(`c.lacking_since is ${ready ? 'null' : 'not null'}`);
    return query.getMany();
  }

  /** By Telegram's id; undefined when the bot was never an administrator there. */
  async find(tx: TenantTx, botId: string, telegramId: number): Promise<ChatRow | undefined> {
    return (await tx.manager.findOneBy(ChatRow, { tenantId: tx.tenantId, botId, telegramId })) ?? undefined;
  }

  /** By its number or `@name`; undefined when the bot was never an administrator there. */
  async findByName(tx: TenantTx, botId: string, name: string): Promise<ChatRow | undefined> {
    const named = name.startsWith('@') ? { username: name.slice(1) } : { telegramId: Number(name) };
    return (await tx.manager.findOneBy(ChatRow, { tenantId: tx.tenantId, botId, ...named })) ?? undefined;
  }

  /** What a creator decides about a chat. @throws NotFound */
  async update(tx: TenantTx, id: string, change: ChatChange, now: Date): Promise<ChatRow> {
    const before = await this.lock(tx, id);
    const { admission = before.admission, metadata = before.metadata } = change;
    return this.change(tx, before, { admission, metadata: { ...metadata } }, now);
  }

  /**
   * Telegram says where the bot stands in a chat. A chat is known from the moment in which the bot becomes an administrator there;
   * before that nothing is kept of it.
   */
  async heard(tx: TenantTx, botId: string, told: ToldChat, rights: BotRights, now: Date): Promise<void> {
    const known = await this.find(tx, botId, told.telegramId);
    if (known !== undefined) {
      await this.change(tx, await this.lock(tx, known.id), { ...told, ...rights }, now);
    } else if (rights.standing === 'administrator') {
      await this.connect(tx, botId, told, rights, now);
    }
  }

  /** What a look brought. A chat that is gone meanwhile is no matter. */
  async seen(
    tx: TenantTx,
    id: string,
    seen: BotRights &
      Partial<ToldChat> & { readonly joinByRequest?: boolean; readonly memberCount?: number; readonly lookedAt: Date },
    now: Date,
  ): Promise<void> {
    await this.change(tx, await this.lock(tx, id), seen, now);
  }

  /** Updates name their chat as it is now; nothing else tells a bot that it has another title, or a public name. */
  async named(tx: TenantTx, known: ChatRow, told: ToldChat, now: Date): Promise<void> {
    if (known.title === told.title && known.username === told.username) return;
    await this.change(tx, await this.lock(tx, known.id), { title: told.title, username: told.username }, now);
  }

  /** A group has become a supergroup, under another number. Idempotent. */
  async migrated(tx: TenantTx, botId: string, from: number, to: number, now: Date): Promise<void> {
    const known = await this.find(tx, botId, from);
    if (known === undefined) return;
    // Telegram may have told of the new one before it told what it was.
    if ((await this.find(tx, botId, to)) !== undefined) return;
    await this.change(tx, await this.lock(tx, known.id), { telegramId: to, type: 'supergroup' }, now);
  }

  private async connect(tx: TenantTx, botId: string, told: ToldChat, rights: BotRights, now: Date): Promise<void> {
    const id = newUuid(now.getTime());
    const isPublic = isOpenToAnybody({ ...told, joinByRequest: false });
    const lackingSince = obstaclesIn({ ...told, ...rights, joinByRequest: false }).length === 0 ? null : now;
    const made = await tx.query(
      `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, username, standing, can_invite, can_remove, lacking_since,
         looked_at, created_at, updated_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $13, $12, $12
       where (select count(*) from chats where tenant_id = $1 and bot_id = $3) < ${MOST}
       on conflict (tenant_id, bot_id, telegram_id) do nothing returning 1`,
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
        // Whether it asks people who come by its name only a look can say, so that is due at once.
        isPublic ? new Date(0) : now,
      ],
    );
    if (made.length === 0) return;
    await this.events.record(tx, { type: 'chat.connected', botId, data: chatEventView(await this.get(tx, id)) });
  }

  private async lock(tx: TenantTx, id: string): Promise<ChatRow> {
    const chat = await tx.manager.findOne(ChatRow, {
      where: { tenantId: tx.tenantId, id },
      lock: { mode: 'pessimistic_write' },
    });
    if (chat === null) throw new NotFound('chat');
    return chat;
  }

  /** The caller holds the lock. */
  private async change(tx: TenantTx, before: ChatRow, changes: Partial<ChatRow>, now: Date): Promise<ChatRow> {
    const merged = { ...before, ...changes };
    const obstacles = obstaclesIn(merged);
    const after: ChatRow = {
      ...merged,
      lackingSince: obstacles.length === 0 ? null : (before.lackingSince ?? now),
      updatedAt: now,
    };
    const { tenantId, id, ...written } = after;
    await tx.manager.update(ChatRow, { tenantId, id }, written);
    const [was, is] = [chatEventView(before), chatEventView(after)];
    const previous = previousOf(was, is);
    if (Object.keys(previous).length === 0) return after;
    const eventId = await this.events.record(tx, { type: 'chat.updated', botId: after.botId, data: is, previous });
    const former = obstaclesIn(before);
    const isWorse = obstacles.some((obstacle) => !former.includes(obstacle));
    if (isWorse) await this.jobs.enqueue(tx, [{ kind: 'alert.send', subject: eventId }]);
    if ((before.lackingSince === null) !== (after.lackingSince === null)) await this.open(tx, after, now);
    return after;
  }

  /** What hangs on a chat being ready: whether access is sold, and what could not be done before. */
  private async open(tx: TenantTx, { id, lackingSince }: ChatRow, now: Date): Promise<void> {
    const ready = lackingSince === null;
    await tx.query('update products set chat_ready = $3 where tenant_id = $1 and chat_id = $2', [
      tx.tenantId,
      id,
      ready,
    ]);
    if (!ready) return;
    const [accesses, orders] = await Promise.all([
      tx.query<{ id: string }>(
        `select id from chat_accesses where tenant_id = $1 and chat_id = $2
           and (state = 'ending' or requested_at is not null or intruder_id is not null
             or (state <> 'ended' and access_until <= $3) or (state in ('member', 'ended') and link is not null))`,
        [tx.tenantId, id, now],
      ),
      tx.query<{ id: string }>(
        `select o.id from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
         where o.tenant_id = $1 and p.chat_id = $2 and o.state = 'paid' and o.delivery = 'waiting'`,
        [tx.tenantId, id],
      ),
    ]);
    await this.jobs.enqueue(tx, [
      ...accesses.map((access) => ({ kind: 'access.watch' as const, subject: access.id })),
      ...orders.map((order) => ({ kind: 'order.deliver' as const, subject: order.id })),
    ]);
  }
}
