import { type EventType, previousOf } from '#libs/journal';
import { DAY, stars } from '#libs/kernel';
import { type SubscriptionRow, subscriptionView } from '#libs/sales';
import { ID, metadata, type Sample, TELEGRAM_ID } from './sample-rows.js';

type SubscriptionEvent = Extract<EventType, `subscription.${string}`>;

/** Sample events about one subscription; see {@link samplesAt}. */
export function subscriptionSamples(now: Date): Readonly<Record<SubscriptionEvent, Sample>> {
  const ago = (days: number) => new Date(now.getTime() - days * DAY);
  const running = runningAt(now);
  const changed = (before: Partial<SubscriptionRow>, after: Partial<SubscriptionRow>): Sample => {
    const [was, is] = [subscriptionView({ ...running, ...before }), subscriptionView({ ...running, ...after })];
    return { data: is, previous: previousOf(was, is) };
  };
  const off = { state: 'canceled', canceledBy: 'buyer', canceledAt: now } as const;
  return {
    'subscription.created': { data: subscriptionView(running) },
    'subscription.renewed': changed({ paidUntil: ago(0), accessUntil: ago(-1) }, { renewals: 1 }),
    'subscription.canceled': changed({}, { ...off, accessUntil: running.paidUntil }),
    'subscription.resumed': changed(off, {}),
    'subscription.payment_failed': changed({}, { state: 'past_due' }),
    'subscription.updated': changed({}, { wish: 'cancel', canceledBy: 'creator' }),
    'subscription.ended': changed(off, { ...off, state: 'ended', endedAt: now }),
  };
}

const runningAt = (now: Date): SubscriptionRow => ({
  tenantId: ID,
  id: ID,
  botId: ID,
  buyerId: TELEGRAM_ID,
  productId: ID,
  stars: stars(50),
  periodSeconds: 2_592_000,
  graceSeconds: 86_400,
  state: 'active',
  paidUntil: new Date(now.getTime() + 30 * DAY),
  accessUntil: new Date(now.getTime() + 31 * DAY),
  renewals: 0,
  firstChargeId: 'test_charge',
  wish: null,
  wishFailure: null,
  locked: false,
  canceledBy: null,
  canceledAt: null,
  endedAt: null,
  remindedUntil: null,
  farewellUntil: null,
  wonBackAt: null,
  metadata,
  createdAt: now,
  updatedAt: now,
});
