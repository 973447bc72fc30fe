import { idOrNull, publicId } from '#libs/kernel';
import { PAYERS } from './spending.js';
import type { SpendingRow } from './spending.entity.js';

/** A spending as the API and its events show it. */
export function spendingView(row: SpendingRow) {
  const { businessConnectionId: connection } = row;
  return {
    object: 'spending' as const,
    id: publicId('spending', row.id),
    bot_id: publicId('bot', row.botId),
    kind: row.kind,
    state: row.state,
    stars: row.stars,
    stars_from: PAYERS[row.kind],
    max_stars: row.maxStars,
    person_telegram_id: row.personId,
    business_connection_id: idOrNull('businessConnection', connection),
    details: row.details,
    failure: row.failure,
    telegram_transaction_id: row.telegramTransactionId,
    requested_by: row.requestedBy,
    begun_at: row.begunAt.toISOString(),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
