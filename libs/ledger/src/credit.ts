import { HOUR, type IdKind, MINUTE } from '#libs/kernel';

/** What an entry did to a balance, in one word. */
export const CREDIT_CHANGES = ['granted', 'spent', 'expired', 'clawed_back', 'restored'] as const;
export type CreditChange = (typeof CREDIT_CHANGES)[number];

/**
 * Why there is an entry. `of` is what its cause id names; one cause makes at most one entry per lot.
 * - `purchase`, `grant`: a lot comes in
 * - `debit`, `reservation`: spent, at once or when the reservation was committed
 * - `expiry`: the lot ran out; `expiry_after_release`, `expiry_after_refund`: it had run out when something came back to it
 * - `refund`: taken back with the money; `refund_after_release`: the rest, when a reservation let go of it; `refund_failed`: the money
 *   stayed, so the credits return
 */
export const CREDIT_CAUSES = {
  purchase: { change: 'granted', of: 'charge' },
  grant: { change: 'granted', of: 'creditLot' },
  debit: { change: 'spent', of: 'creditDebit' },
  reservation: { change: 'spent', of: 'creditReservation' },
  expiry: { change: 'expired', of: 'creditLot' },
  expiry_after_release: { change: 'expired', of: 'creditReservation' },
  expiry_after_refund: { change: 'expired', of: 'refund' },
  refund: { change: 'clawed_back', of: 'refund' },
  refund_after_release: { change: 'clawed_back', of: 'creditReservation' },
  refund_failed: { change: 'restored', of: 'refund' },
} as const satisfies Record<string, { readonly change: CreditChange; readonly of: IdKind }>;

export type CreditCause = keyof typeof CREDIT_CAUSES;

export const RESERVATION_STATES = ['open', 'committed', 'released', 'expired'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

/** Milliseconds that a reservation holds when nothing else is asked for. */
export const RESERVATION_DEFAULT_MS = 15 * MINUTE;
export const RESERVATION_MAX_MS = 24 * HOUR;

/** Far beyond use, and far below where JavaScript stops counting exactly. */
export const MAX_BALANCE = 1_000_000_000_000_000;

/** A part of one lot. */
export interface Portion {
  readonly lotId: string;
  readonly amount: number;
}

/**
 * Splits an amount over portions, first to last, whole portions before the next one is touched.
 * @throws RangeError when there is not enough: the caller has looked before
 */
export function takeInOrder(portions: readonly Portion[], amount: number): Portion[] {
  const taken: Portion[] = [];
  let missing = amount;
  for (const portion of portions) {
    if (missing === 0) break;
    const part = Math.min(portion.amount, missing);
    if (part > 0) taken.push({ lotId: portion.lotId, amount: part });
    missing -= part;
  }
  if (missing > 0) throw new RangeError(`${missing} of ${amount} credits are in no lot`);
  return taken;
}

/** Entries with one cause, one per lot. */
export interface CreditPosting {
  readonly cause: CreditCause;
  readonly causeId: string;
  readonly reason?: string | null;
  /** Signed amounts. */
  readonly portions: readonly Portion[];
  /** The sale behind it. The caller holds the order's lock. */
  readonly sale?: { readonly botId: string; readonly orderId: string | null };
  /** More to tell the creator, as the API shows it. */
  readonly told?: Readonly<Record<string, unknown>>;
}

export interface NewLot {
  readonly id: string;
  readonly cause: 'purchase' | 'grant';
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly chargeId: string | null;
  readonly reason?: string | null;
  readonly sale?: CreditPosting['sale'];
}

export const negative = ({ lotId, amount }: Portion): Portion => ({ lotId, amount: -amount });

export const totalOf = (portions: readonly Portion[]) => portions.reduce((sum, { amount }) => sum + amount, 0);

/** A lot as it is stored, and how much of it is held by reservations that have run out since. */
export interface StoredLot {
  readonly id: string;
  readonly chargeId: string | null;
  readonly amount: number;
  readonly remaining: number;
  readonly reserved: number;
  readonly lapsed: number;
  readonly expiresAt: Date | null;
  readonly takenBack: boolean;
  readonly createdAt: Date;
}

/** A lot as it is at some moment, whether or not anybody has written that down yet. */
export type LiveLot = Omit<StoredLot, 'lapsed' | 'takenBack'>;

/** Lets go of what has run out: what a touch of the account would write, for readers that write nothing. */
export function lotAt(lot: StoredLot, now: Date): LiveLot {
  const { lapsed, takenBack, ...rest } = lot;
  const reserved = lot.reserved - lapsed;
  const gone = takenBack || (lot.expiresAt !== null && lot.expiresAt <= now);
  return { ...rest, reserved, remaining: gone ? reserved : lot.remaining };
}

/** What a refund did to the pack that its charge had bought. What comes after `granted` adds up to it. */
export interface ClawBack {
  readonly unit: string;
  readonly granted: number;
  readonly clawedBack: number;
  readonly alreadySpent: number;
  readonly expired: number;
  /** Held by reservations at that moment: spent when they are committed, taken back as well when they are released. */
  readonly reserved: number;
}
