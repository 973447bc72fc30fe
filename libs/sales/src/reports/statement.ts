import { DAY, DomainError } from '#libs/kernel';

/** Whole days in UTC: from the beginning of the first to the beginning of the last. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** The longest period of one statement. */
export const MAX_PERIOD_DAYS = 366;

/**
 * @param from,to ISO dates (`2026-01-31`), `to` exclusive
 * @throws InvalidPeriod when it ends before it begins, or is longer than {@link MAX_PERIOD_DAYS}
 */
export function periodOf(from: string, to: string): Period {
  const period = { from: new Date(`${from}T00:00:00Z`), to: new Date(`${to}T00:00:00Z`) };
  const days = (period.to.getTime() - period.from.getTime()) / DAY;
  if (!(days >= 1 && days <= MAX_PERIOD_DAYS)) throw new InvalidPeriod();
  return period;
}

/** The sum and number of ledger entries of one kind. */
export interface Turnover {
  readonly cause: string;
  readonly account: string;
  readonly count: number;
  readonly stars: number;
}

/** Whole Stars. */
export interface Totals {
  readonly charges: { readonly count: number; readonly stars: number };
  readonly refunds: { readonly count: number; readonly stars: number };
  /** Income from sales, minus refunds. */
  readonly earned: number;
  /** The change of money without a sale: received, minus its refunds. */
  readonly held: number;
  /** The change of the bot's balance at Telegram, without fees and withdrawals. */
  readonly net: number;
}

/** Adds up a period. In the ledger Stars at Telegram are positive, and their counterparts negative. */
export function addUp(turnover: readonly Turnover[]): Totals {
  const of = (account: string, cause?: string) =>
    turnover.filter((it) => it.account === account && (cause === undefined || it.cause === cause));
  const sum = (some: readonly Turnover[]) => some.reduce((total, it) => total + it.stars, 0);
  const count = (some: readonly Turnover[]) => some.reduce((total, it) => total + it.count, 0);
  const [charges, refunds] = [of('telegram', 'charge'), of('telegram', 'refund')];
  return {
    charges: { count: count(charges), stars: sum(charges) },
    refunds: { count: count(refunds), stars: 0 - sum(refunds) },
    earned: 0 - sum(of('earned')),
    held: 0 - sum(of('held')),
    net: sum(of('telegram')),
  };
}

export class InvalidPeriod extends DomainError {
  static readonly code = 'invalid_period';
  static readonly refusal = 'invalid';
  readonly remedy =
    `Set \`to\` after \`from\`, and at most ${MAX_PERIOD_DAYS} days after it. \`to\` itself is not part of the period.`;

  constructor() {
    super('Invalid statement period.');
  }
}
