import { Injectable } from '@nestjs/common';
import { lockProductsOfChats, moveProducts } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { DAY } from '#libs/kernel';
import { In, IsNull } from 'typeorm';
import { isUpgrade, mergedChat, type Upgrade } from './chat.js';
import { ChatRow } from './chat.entity.js';
import { ChatStore } from './chat.store.js';
import { ChatAccessStore } from './chat-access.store.js';

/** Milliseconds: longer than any update waits to be handled. */
const REMEMBERED_MS = 90 * DAY;

/**
 * Keeps one row for a group that became a supergroup. Telegram reports the upgrade up to three times, in any order and
 * hours apart: in the group, in the supergroup, and as the error of every call that still uses the group's id. A bot
 * may already know the supergroup; then one chat has two rows.
 */
@Injectable()
export class ChatMigrations {
  constructor(
    private readonly store: ChatStore,
    private readonly accesses: ChatAccessStore,
  ) {}

  /** Serialises everything in a workspace that maps a chat's Telegram id to known chats. */
  async lockNumbers(tx: TenantTx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('chat numbers ' || $1, 0))`, [tx.tenantId]);
  }

  /**
   * Records, for every bot of the workspace, that a group has become a supergroup. Idempotent; ignores impossible ids.
   */
  async record(tx: TenantTx, upgrade: Upgrade, now: Date): Promise<void> {
    if (!isUpgrade(upgrade)) return;
    await this.lockNumbers(tx);
    const { from, to } = upgrade;
    const rows = await tx.manager.find(ChatRow, {
      where: { tenantId: tx.tenantId, mergedInto: IsNull(), telegramId: In([from, to]) },
      order: { id: 'ASC' },
    });
    await this.remember(tx, upgrade, now);
    for (const botId of new Set(rows.map((row) => row.botId))) {
      const known = (number: number) => rows.find((row) => row.botId === botId && row.telegramId === number);
      await this.settle(tx, known(from), known(to), upgrade, now);
    }
  }

  /**
   * Returns the ids of a chat that a bot does not know yet: reports about the group may arrive after its upgrade. The
   * caller holds the lock.
   */
  async numbersOf(tx: TenantTx, telegramId: number): Promise<{ readonly now: number; readonly former: number | null }> {
    const rows = await tx.query<{ now: number; former: number }>(
      `select to_telegram_id as now, from_telegram_id as former from chat_upgrades
       where tenant_id = $1 and (from_telegram_id = $2 or to_telegram_id = $2) limit 1`,
      [tx.tenantId, telegramId],
    );
    return rows[0] ?? { now: telegramId, former: null };
  }

  private async remember(tx: TenantTx, { from, to }: Upgrade, now: Date): Promise<void> {
    await tx.query('delete from chat_upgrades where tenant_id = $1 and told_at < $2', [
      tx.tenantId,
      new Date(now.getTime() - REMEMBERED_MS),
    ]);
    await tx.query(
      `insert into chat_upgrades (tenant_id, from_telegram_id, to_telegram_id, told_at) values ($1, $2, $3, $4)
       on conflict (tenant_id, from_telegram_id) do nothing`,
      [tx.tenantId, from, to, now],
    );
  }

  private async settle(
    tx: TenantTx,
    group: ChatRow | undefined,
    grown: ChatRow | undefined,
    { from, to }: Upgrade,
    now: Date,
  ): Promise<void> {
    if (group !== undefined && grown !== undefined) return this.merge(tx, group, grown, now);
    if (grown !== undefined) {
      await this.store.change(tx, await this.store.lock(tx, grown.id), { formerTelegramId: from }, now);
    } else if (group !== undefined) {
      const changes = { telegramId: to, formerTelegramId: from, type: 'supergroup' } as const;
      await this.store.change(tx, await this.store.lock(tx, group.id), changes, now);
      await this.accesses.loseLinks(tx, group.id);
    }
  }

  /** Merges two rows of a chat: keeps the group's, and moves everything that refers to the supergroup's. */
  private async merge(tx: TenantTx, { id: groupId }: ChatRow, { id: grownId }: ChatRow, now: Date): Promise<void> {
    const given = [tx.tenantId, groupId, grownId];
    await lockProductsOfChats(tx, [groupId, grownId]);
    const first = await this.store.lock(tx, groupId < grownId ? groupId : grownId);
    const second = await this.store.lock(tx, groupId < grownId ? grownId : groupId);
    const [group, grown] = first.id === groupId ? [first, second] : [second, first];
    await this.store.change(tx, grown, { mergedInto: groupId }, now);
    for (const moved of MOVED) await tx.query(moved, given);
    await moveProducts(tx, grownId, groupId);
    const after = await this.store.change(tx, group, mergedChat(group, grown), now);
    await this.accesses.loseLinks(tx, groupId);
    await this.accesses.merge(tx, grownId, groupId, now);
    await this.store.open(tx, after, now);
  }
}

/** References to a chat, besides products and accesses. A guard test finds tables that are missing here. */
const MOVED = [
  'update chats set merged_into = $2 where tenant_id = $1 and merged_into = $3',
  'update chat_paid_links set chat_id = $2 where tenant_id = $1 and chat_id = $3',
];
