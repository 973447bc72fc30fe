import type { StarTransaction } from 'grammy/types';
import { DAY, DomainError, HOUR, MINUTE, SECOND, stars, type Stars } from '#libs/kernel';
import { isAmount, isPersonId, type Payment } from '../charges/payment.js';
import type { Listed, TransactionKind } from './star-transaction.js';
import type { Recurring } from '../charges/payment.js';

/** Milliseconds between two reconciliations of a bot. */
export const RECONCILE_EVERY_MS = 15 * MINUTE;

/** Relative deviation from {@link RECONCILE_EVERY_MS}, so that bots spread out. */
const JITTER = 0.2;

/**
 * Milliseconds that a payment or refund may take to arrive as an update before a scheduled reconciliation repairs it.
 */
export const ON_ITS_WAY_MS = MINUTE;

/** A booked charge that is missing from Telegram's list after this many milliseconds is reported. */
export const UNKNOWN_THERE_MS = 15 * MINUTE;

/** Milliseconds of failed reconciliations of a bot after which the creator is told. */
export const FAILING_MS = HOUR;

export const RECONCILIATION_STATES = ['running', 'succeeded', 'failed'] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];

export const RECONCILIATION_TRIGGERS = ['schedule', 'request'] as const;
export type ReconciliationTrigger = (typeof RECONCILIATION_TRIGGERS)[number];

/** An amount of Stars with a fraction. Both parts have the same sign. */
export interface StarSum {
  readonly stars: number;
  /** Billionths of a Star, from -999,999,999 to 999,999,999. */
  readonly nanostars: number;
}

/** Rows of one kind, added up. */
export interface Tally {
  readonly count: number;
  readonly stars: number;
  readonly nanostars: number;
}

/** Transactions that Telegram lists and our books do not contain. */
export interface ListedTally extends Tally {
  readonly kind: TransactionKind;
  readonly direction: 'in' | 'out';
  readonly withdrawal: 'pending' | 'succeeded' | 'failed' | null;
}

/**
 * Everything that can make Telegram's balance differ from ours. Counts and sums are of absolute amounts, unless noted.
 */
export interface BalanceFacts {
  readonly telegram: StarSum;
  /** The ledger's account of this bot's Stars at Telegram. */
  readonly ours: number;
  /** Movements that are neither sales nor refunds, or sales that our books do not have to contain. */
  readonly others: readonly ListedTally[];
  /** Listed payments without a charge. */
  readonly paymentsNotRecorded: Tally;
  /** Listed refunds that are missing from our books. */
  readonly refundsNotRecorded: Tally;
  /** Charges that Telegram lists with another amount: signed, listed minus booked. */
  readonly amountsDiffer: Tally;
  /** Booked charges and refunds that Telegram does not list: older than {@link UNKNOWN_THERE_MS}, and younger. */
  readonly chargesNotListed: Tally;
  readonly chargesNotListedYet: Tally;
  readonly refundsNotListed: Tally;
  readonly refundsNotListedYet: Tally;
}

export interface Line extends Tally {
  /** For example `withdrawal_pending`, `telegram_ads`, `payments_not_recorded`; `unexplained` is the rest. */
  readonly cause: string;
}

export interface Explanation {
  readonly telegram: StarSum;
  readonly ours: number;
  /** Telegram's balance minus ours; the sum of the lines. */
  readonly difference: StarSum;
  readonly lines: readonly Line[];
  /** The part that no other line explains: for example money that a store took back. */
  readonly unexplained: StarSum;
}

const NANO = 1_000_000_000n;

const nanosOf = (sum: StarSum) => BigInt(sum.stars) * NANO + BigInt(sum.nanostars);
const sumOf = (nanos: bigint): StarSum => ({ stars: Number(nanos / NANO), nanostars: Number(nanos % NANO) });

/** Breaks down the difference between Telegram's balance and ours into lines that always add up to it. */
export function explain(facts: BalanceFacts): Explanation {
  const known = [
    ...facts.others.map((row) => line(causeOf(row), row, row.direction === 'in' ? 1n : -1n)),
    line('payments_not_recorded', facts.paymentsNotRecorded, 1n),
    line('refunds_not_recorded', facts.refundsNotRecorded, -1n),
    line('amounts_differ', facts.amountsDiffer, 1n),
    line('charges_not_listed', facts.chargesNotListed, -1n),
    line('charges_not_listed_yet', facts.chargesNotListedYet, -1n),
    line('refunds_not_listed', facts.refundsNotListed, 1n),
    line('refunds_not_listed_yet', facts.refundsNotListedYet, 1n),
  ].filter((entry) => entry.count > 0);
  const difference = nanosOf(facts.telegram) - BigInt(facts.ours) * NANO;
  const rest = known.reduce((left, entry) => left - nanosOf(entry), difference);
  const unexplained = sumOf(rest);
  const last = rest === 0n ? [] : [{ cause: 'unexplained', count: 1, ...unexplained }];
  return {
    telegram: sumOf(nanosOf(facts.telegram)),
    ours: facts.ours,
    difference: sumOf(difference),
    lines: [...known, ...last],
    unexplained,
  };
}

function line(cause: string, tally: Tally, sign: bigint): Line {
  return { cause, count: tally.count, ...sumOf(sign * nanosOf(tally)) };
}

function causeOf({ kind, direction, withdrawal }: ListedTally): string {
  if (kind === 'withdrawal') return direction === 'in' ? 'withdrawal_returned' : `withdrawal_${withdrawal ?? 'made'}`;
  return direction === 'in' ? `${kind}_received` : `${kind}_paid`;
}

/** @param random from 0 up to 1 @returns milliseconds until a bot's next reconciliation */
export const nextReconciliation = (random: number, traffic: 'active' | 'idle' = 'active'): number =>
  Math.round((traffic === 'idle' ? DAY : RECONCILE_EVERY_MS) * (1 + JITTER * (2 * random - 1)));

/**
 * A listed payment in the form of the `successful_payment` that did not arrive.
 * @returns undefined when it cannot be one of our charges
 */
export function missedPayment(botId: string, row: Listed): Payment | undefined {
  if (!isPersonId(row.buyerId) || !isAmount(row.amount) || row.nanostars > 0) return undefined;
  return {
    botId,
    buyerId: row.buyerId,
    stars: amountOf(row),
    payload: row.payload ?? '',
    telegramChargeId: row.id,
    providerChargeId: null,
    occurredAt: row.occurredAt,
    source: 'reconciliation',
    recurring: recurringOf(row),
    ...(row.kind === 'paid_media_payment' ? { unlocked: true } : {}),
  };
}

/** Returns the subscription's facts; the list does not say whether it was the first payment. */
function recurringOf(row: Listed): Recurring | undefined {
  const { source } = row.raw as Partial<StarTransaction>;
  const seconds = source?.type === 'user' ? source.subscription_period : undefined;
  return seconds === undefined
    ? undefined
    : { until: new Date(row.occurredAt.getTime() + seconds * SECOND), first: undefined };
}

const amountOf = (row: Listed): Stars => stars(row.amount);

export class BotNotReadable extends DomainError {
  static readonly code = 'bot_not_readable';
  static readonly refusal = 'conflict';
  readonly remedy = 'Give the bot a working token first: POST /v1/bots/{id}/rotate-token.';

  constructor() {
    super('Telegram can only be asked about a bot with a working token.');
  }
}
