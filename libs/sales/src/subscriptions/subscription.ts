import { DomainError, type Moves, SECOND, type Stars } from '#libs/kernel';
import type { Payment, Recurring } from '../charges/payment.js';

/**
 * `active`: renews automatically. `past_due`: a renewal failed, and may still succeed. `canceled`: does not renew, and
 * lasts to the end of the paid time. `ended`: access has ended.
 */
export const SUBSCRIPTION_STATES = ['active', 'past_due', 'canceled', 'ended'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

export const SUBSCRIPTION_MOVES: Moves<SubscriptionState> = {
  active: ['past_due', 'canceled', 'ended'],
  past_due: ['active', 'canceled', 'ended'],
  canceled: ['active', 'ended'],
  // A renewal that came late, or was reported late. The money is real, so the access is too.
  ended: ['active', 'canceled'],
};

/** `removal`: the bot was removed, or its workspace closed. */
export const CANCELED_BY = ['buyer', 'creator', 'refund', 'telegram', 'removal'] as const;
export type CanceledBy = (typeof CANCELED_BY)[number];

/** The request to Telegram: to stop the renewal, or to let the buyer enable it again. */
export const SUBSCRIPTION_WISHES = ['cancel', 'resume'] as const;
export type SubscriptionWish = (typeof SUBSCRIPTION_WISHES)[number];

export interface Subscription {
  readonly state: SubscriptionState;
  readonly buyerId: number;
  readonly stars: Stars;
  readonly periodSeconds: number;
  readonly graceSeconds: number;
  readonly paidUntil: Date;
  readonly firstChargeId: string | null;
  readonly createdAt: Date;
}

interface RecurringPayment {
  readonly buyerId: number;
  readonly stars: Stars;
  readonly telegramChargeId: string;
  readonly occurredAt: Date;
  readonly recurring: Recurring;
}

/**
 * Classifies a payment for a subscription that has begun. All its payments have one payload, and so have those of a
 * person who pays its link a second time: that would be a second subscription to the same thing.
 * - The first payment may be reported after a renewal, when its update was lost: then it is one more period.
 * - Where Telegram does not say which one it is, one that follows within half a period is not a renewal.
 */
export function matchRecurring(known: Subscription, payment: RecurringPayment): 'renewal' | 'again' | 'mismatch' {
  if (payment.buyerId !== known.buyerId || payment.stars !== known.stars) return 'mismatch';
  const { first } = payment.recurring;
  if (first !== undefined) return first && known.firstChargeId !== null ? 'again' : 'renewal';
  const apart = Math.abs(payment.occurredAt.getTime() - known.createdAt.getTime());
  return apart < (known.periodSeconds * SECOND) / 2 ? 'again' : 'renewal';
}

/** The end of the buyer's access: with grace while a renewal is expected, without it otherwise. */
export function accessUntil(known: Pick<Subscription, 'state' | 'paidUntil' | 'graceSeconds'>): Date {
  const renews = known.state === 'active' || known.state === 'past_due';
  return renews ? new Date(known.paidUntil.getTime() + known.graceSeconds * SECOND) : known.paidUntil;
}

/** Telegram's reports without a payment (Bot API 10.2, BotSubscriptionUpdated). */
export type SubscriptionReport = 'active' | 'canceled' | 'failed';

export const REPORT_EVENTS = {
  active: 'subscription.resumed',
  canceled: 'subscription.canceled',
  failed: 'subscription.payment_failed',
} as const satisfies Readonly<Record<SubscriptionReport, string>>;

/** The state after a report; undefined when it says nothing new, or arrives too late to matter. */
export function reported(state: SubscriptionState, report: SubscriptionReport): SubscriptionState | undefined {
  const to = report === 'failed' ? 'past_due' : report;
  if (state === 'ended' || state === to) return undefined;
  // It was switched off before the renewal failed: there will be no further attempt.
  return state === 'canceled' && to === 'past_due' ? undefined : to;
}

/** Telegram's report from before the subscription was recorded. */
export interface EarlyReport {
  readonly reported: SubscriptionReport | null;
  readonly reportedAt: Date | null;
}

/**
 * The state of a subscription right after its beginning. Reports arrived after its first payment. When it begins here
 * with a renewal, because the first payment is still missing, an older report is outdated, because the payment was made
 * anyway.
 * @returns undefined when the state does not change
 */
export function afterBegin(
  state: SubscriptionState,
  { reported: report, reportedAt }: EarlyReport,
  { occurredAt, recurring }: Pick<Payment, 'occurredAt' | 'recurring'>,
): { readonly state: SubscriptionState; readonly at: Date } | undefined {
  if (report === null || reportedAt === null) return undefined;
  if (recurring?.first === false && reportedAt < occurredAt) return undefined;
  const next = reported(state, report);
  return next === undefined ? undefined : { state: next, at: reportedAt };
}

/** Additional changes of a state change by Telegram's report. */
export const byReport = (state: SubscriptionState, known: { readonly canceledBy: CanceledBy | null }, at: Date) =>
  state === 'canceled'
    ? { state, canceledAt: at, canceledBy: known.canceledBy ?? ('buyer' as const) }
    : state === 'past_due'
      ? { state }
      : { state, canceledAt: null, canceledBy: null, locked: false };

export class SubscriptionOver extends DomainError {
  static readonly code = 'subscription_ended';
  static readonly refusal = 'conflict';
  readonly remedy = 'The buyer can subscribe again in the bot.';

  constructor() {
    super('This subscription has ended.');
  }
}

export class SubscriptionUnnamed extends DomainError {
  static readonly code = 'subscription_unconfirmed';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Wait for the reconciliation with Telegram, or request one: POST /v1/bots/{id}/reconciliations. Then try again.';

  constructor() {
    super('Telegram’s name for this subscription is not known yet: its first payment has not been reported.');
  }
}

/** A subscription after one more payment, whatever the time of that payment. */
export function renewed(
  known: Subscription & { readonly canceledAt: Date | null; readonly locked: boolean },
  payment: RecurringPayment,
  now: Date,
): Pick<Subscription, 'state' | 'paidUntil' | 'firstChargeId'> {
  const { recurring, occurredAt } = payment;
  const paidUntil = recurring.until > known.paidUntil ? recurring.until : known.paidUntil;
  const isFirst = recurring.first ?? occurredAt < known.createdAt;
  const { canceledAt, locked } = known;
  // Paid after it was switched off, so it was enabled again, unless we have switched it off.
  const stays = canceledAt !== null && (locked || occurredAt <= canceledAt);
  const state = paidUntil <= now && known.state === 'ended' ? 'ended' : stays ? 'canceled' : 'active';
  return { state, paidUntil, firstChargeId: known.firstChargeId ?? (isFirst ? payment.telegramChargeId : null) };
}

/**
 * The way for a buyer to enable renewal again. `telegram`: in Telegram's own settings. `bot`: there, once the bot has asked
 * Telegram to allow it (Bot API, editUserStarSubscription). Undefined when it renews, or when it was not canceled by
 * the buyer.
 */
export function wayToResume(known: {
  readonly state: SubscriptionState;
  readonly locked: boolean;
  readonly canceledBy: CanceledBy | null;
}): 'telegram' | 'bot' | undefined {
  if (known.state !== 'canceled') return undefined;
  if (!known.locked) return 'telegram';
  return known.canceledBy === 'buyer' ? 'bot' : undefined;
}

/**
 * SQL: true when Telegram may charge again, because it was not switched off permanently. One that lapsed may still be
 * paid for within a period, and one that was refunded until Telegram has confirmed that it was stopped.
 * @param s the alias of its row in SQL
 */
export const mayRenew = (s: string) =>
  `(not ${s}.locked and (${s}.state <> 'ended' or ${s}.wish = 'cancel' or ${s}.wish_failure is not null
     or (${s}.canceled_at is null and ${s}.paid_until + make_interval(secs => ${s}.period_seconds) > now())))`;

/** The next step of a subscription, and its time. */
export type Step =
  | { readonly kind: 'remind' | 'farewell' | 'end' | 'win_back' | 'nothing' }
  | { readonly kind: 'wait'; readonly until: Date };

export interface StepFacts extends Subscription {
  readonly accessUntil: Date;
  readonly remindedUntil: Date | null;
  readonly farewellUntil: Date | null;
  readonly wonBackAt: Date | null;
  readonly canceledBy: CanceledBy | null;
  /** Seconds before the end; null: never. */
  readonly remindSeconds: number | null;
  readonly winBack: boolean;
}

/**
 * Reminds only of an end without renewal, once for each end; invites back only buyers who canceled it themselves, once.
 * Buyers who lose it because its bot is removed are told.
 */
export function nextStep(facts: StepFacts, now: Date): Step {
  const { state, paidUntil, remindSeconds } = facts;
  if (state === 'ended') {
    const askBack = facts.winBack && facts.wonBackAt === null && facts.canceledBy === 'buyer';
    return { kind: askBack ? 'win_back' : 'nothing' };
  }
  if (facts.accessUntil <= now) return { kind: 'end' };
  const canceledWithBot = state === 'canceled' && facts.canceledBy === 'removal';
  if (canceledWithBot && facts.farewellUntil?.getTime() !== paidUntil.getTime()) return { kind: 'farewell' };
  const reminds =
    state === 'canceled' &&
    !canceledWithBot &&
    remindSeconds !== null &&
    facts.remindedUntil?.getTime() !== paidUntil.getTime();
  if (!reminds) return { kind: 'wait', until: facts.accessUntil };
  const remindAt = new Date(paidUntil.getTime() - remindSeconds * SECOND);
  return remindAt <= now ? { kind: 'remind' } : { kind: 'wait', until: remindAt };
}
