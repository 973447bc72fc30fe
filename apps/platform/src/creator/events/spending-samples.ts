import { type EventType, previousOf } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { type BusinessConnectionRow, businessConnectionView, type SpendingRow, spendingView } from '#libs/spending';
import { ID, type Sample, TELEGRAM_ID } from './sample-rows.js';

type SpendingEvent = Extract<EventType, `spending.${string}` | `business_connection.${string}`>;

/** Sample events about gifts and about accounts that a bot acts for; see {@link samplesAt}. */
export function spendingSamples(now: Date): Readonly<Record<SpendingEvent, Sample>> {
  const begun = begunAt(now);
  const ended = (after: Partial<SpendingRow>): Sample => {
    const [was, is] = [spendingView(begun), spendingView({ ...begun, ...after })];
    return { data: is, previous: previousOf(was, is) };
  };
  const failure = 'Telegram did not respond, so it is unknown whether this was done.';
  return {
    'spending.succeeded': ended({ state: 'done' }),
    'spending.refused': ended({ state: 'refused', failure: 'Telegram refused: Bad Request: BALANCE_TOO_LOW' }),
    'spending.unknown': ended({ state: 'unknown', failure }),
    'business_connection.updated': { data: businessConnectionView(connectionAt(now)) },
  };
}

const begunAt = (now: Date): SpendingRow => ({
  tenantId: ID,
  id: ID,
  botId: ID,
  businessConnectionId: null,
  kind: 'gift',
  state: 'begun',
  idempotencyKey: 'test',
  fingerprint: Buffer.alloc(32),
  stars: 15,
  maxStars: 20,
  personId: TELEGRAM_ID,
  details: { gift_id: 'test' },
  failure: null,
  telegramTransactionId: null,
  requestedBy: publicId('account', ID),
  begunAt: now,
  createdAt: now,
  updatedAt: now,
});

const connectionAt = (now: Date): BusinessConnectionRow => ({
  tenantId: ID,
  id: ID,
  botId: ID,
  telegramConnectionId: 'test',
  userId: TELEGRAM_ID,
  rights: ['can_view_gifts_and_stars'],
  enabled: true,
  connectedAt: now,
  createdAt: now,
  updatedAt: now,
});
