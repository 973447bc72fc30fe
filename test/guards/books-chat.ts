import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';
import type { Sell } from './books-rows.js';
import type { BooksTenant, Insert } from './books-tenant.js';

/** Inserts access to a channel, sold for a time that is not over. @param sell inserts a sale of any product */
export async function accessSale(insert: Insert, source: DataSource, t: BooksTenant, sell: Sell): Promise<void> {
  await insert('chats', {
    id: t.chat,
    bot_id: t.bot,
    telegram_id: -t.telegramId,
    type: 'channel',
    title: 'VIP',
    standing: 'administrator',
    can_invite: true,
    can_remove: true,
    looked_at: new Date(),
  });
  const product = { bot_id: t.bot, title: 'VIP', description: 'VIP', price_version: 1, stars: 50 };
  await insert('products', { ...product, id: t.access, kind: 'chat_access', chat_id: t.chat });
  await insert('price_versions', { product_id: t.access, version: 1, stars: 50 });
  await insert('chat_access_terms', { product_id: t.access, days: 30, grace_seconds: 0 });
  const ids = { order: t.accessOrder, charge: t.accessCharge, telegramCharge: t.accessTelegramCharge };
  await sell(insert, t, { ...ids, product: t.access });
  const until = new Date(Date.now() + 20 * 86_400_000);
  await source.query('update entitlements set ends_at = $3 where tenant_id = $1 and charge_id = $2', [
    t.tenant,
    t.accessCharge,
    until,
  ]);
  await insert('chat_accesses', {
    id: newUuid(),
    chat_id: t.chat,
    bot_id: t.bot,
    buyer_id: t.buyer,
    state: 'member',
    access_until: until,
  });
}
