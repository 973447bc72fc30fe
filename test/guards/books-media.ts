import type { DataSource } from 'typeorm';
import type { Sell } from './books-rows.js';
import { type BooksTenant, type Insert, LONG_AGO } from './books-tenant.js';

/** Inserts a sale of paid media that Telegram unlocked and listed. @param sell inserts a sale of any product */
export async function mediaSale(insert: Insert, source: DataSource, t: BooksTenant, sell: Sell): Promise<void> {
  const product = { bot_id: t.bot, title: 'Gallery', description: 'Gallery', price_version: 1, stars: 50 };
  await insert('products', { ...product, id: t.media, kind: 'paid_media' });
  await insert('price_versions', { product_id: t.media, version: 1, stars: 50 });
  await insert('paid_media_items', { product_id: t.media, place: 0, type: 'photo', telegram_file_id: 'AgAC' });
  await sell(insert, t, {
    order: t.mediaOrder,
    charge: t.mediaCharge,
    telegramCharge: t.mediaTelegramCharge,
    product: t.media,
  });
  const key = [t.tenant, t.mediaOrder];
  await source.query('update orders set unlocked_at = $3 where tenant_id = $1 and id = $2', [...key, LONG_AGO]);
  await source.query(`update charges set source = 'reconciliation' where tenant_id = $1 and order_id = $2`, key);
  await source.query(`update star_transactions set kind = 'paid_media_payment' where tenant_id = $1 and id = $2`, [
    t.tenant,
    t.mediaTelegramCharge,
  ]);
}

/** Inserts a gift that the bot has paid for, and that Telegram lists. */
export async function giftGiven(insert: Insert, t: BooksTenant): Promise<void> {
  const id = `stx${t.spending}`;
  await insert('star_transactions', {
    bot_id: t.bot,
    id,
    direction: 'out',
    kind: 'gift_purchase',
    amount: 15,
    nanostars: 0,
    buyer_id: t.buyer,
    position: 2 ** 31,
    occurred_at: LONG_AGO,
    raw: {},
    settled: true,
    read_at: LONG_AGO,
  });
  await insert('spendings', {
    id: t.spending,
    bot_id: t.bot,
    kind: 'gift',
    state: 'done',
    idempotency_key: t.spending,
    fingerprint: Buffer.alloc(32),
    stars: 15,
    max_stars: 20,
    person_id: t.buyer,
    details: {},
    telegram_transaction_id: id,
    requested_by: 'guard',
    begun_at: LONG_AGO,
    updated_at: LONG_AGO,
  });
}
