import { DAY } from '#libs/kernel';

export interface BotKey {
  readonly tenantId: string;
  readonly botId: string;
}

/** A bot without traffic for this long is idle. */
const IDLE_AFTER = `interval '${DAY} milliseconds'`;

/**
 * SQL: true when a bot had traffic within the last day. A bot about which nothing is known counts as active.
 * @param tenant and `bot` its ids, as SQL
 */
export const isActive = (tenant: string, bot: string): string =>
  `not exists (select from webhook_looks idle where idle.tenant_id = ${tenant} and idle.bot_id = ${bot} and idle.active_at <= now() - ${IDLE_AFTER})`;

/**
 * SQL: an interval until the next check of a bot: `often` while it is active, otherwise once a day, spread over time.
 * @param active a condition @param often milliseconds
 */
export const nextCheck = (active: string, often: number): string =>
  `case when ${active} then interval '${often} milliseconds' else ${IDLE_AFTER} * (0.9 + 0.2 * random()) end`;
