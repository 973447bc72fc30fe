import { HOUR, type IdKind, MINUTE } from '#libs/kernel';

/** The effect of an entry on a balance, in one word. */
export const CREDIT_CHANGES = ['granted', 'spent', 'expired', 'clawed_back', 'restored'] as const;
export type CreditChange = (typeof CREDIT_CHANGES)[number];

/**
 * The cause of an entry. `of` is the kind of its cause id; one cause makes at most one entry per lot.
 * - `purchase`, `grant`: a new lot
 * - `debit`, `reservation`: spent, at once or when the reservation was committed
 * - `expiry`: the lot expired; `expiry_after_release`, `expiry_after_refund`: it had already expired when credits
 *   returned to it
 * - `refund`: taken back with the money; `refund_after_release`: the rest, when a reservation released it;
 *   `refund_failed`: we kept the money, so the credits return
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

/** Default duration of a reservation in milliseconds. */
export const RESERVATION_DEFAULT_MS = 15 * MINUTE;
export const RESERVATION_MAX_MS = 24 * HOUR;

/** Far more than anyone needs, and far below the limit of exact integers in JavaScript. */
export const MAX_BALANCE = 1_000_000_000_000_000;

/** A part of one lot. */
export interface Portion {
  readonly lotId: string;
  readonly amount: number;
}

/**
 * Splits an amount over portions, in order, each used up before the next one.
 * @throws RangeError when there is not enough, which the caller must have checked
 */
export function takeInOrder(portions: readonly Portion[], amount: number): Portion[] {
  const taken: Portion[] = [];
  let missing = amount;
  for (const portion of portions) {
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
  /** Additional fields of the event, in the API's format. */
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

/** A stored lot, with the part that expired reservations still hold. */
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

/** A lot at a given time, whether or not its changes are recorded yet. */
export type LiveLot = Omit<StoredLot, 'lapsed' | 'takenBack'>;

/** Applies expiries up to a time: the changes that locking the account would write, for read-only callers. */
export function lotAt(lot: StoredLot, now: Date): LiveLot {
  const { lapsed, takenBack, ...rest } = lot;
  const reserved = lot.reserved - lapsed;
  const gone = takenBack || (lot.expiresAt !== null && lot.expiresAt <= now);
  return { ...rest, reserved, remaining: gone ? reserved : lot.remaining };
}

/** The effect of a refund on the pack that its charge bought. `granted` is the sum of the fields that follow. */
export interface ClawBack {
  readonly unit: string;
  readonly granted: number;
  readonly clawedBack: number;
  readonly alreadySpent: number;
  readonly expired: number;
  /** Held by reservations at that time: spent if they are committed, also taken back if they are released. */
  readonly reserved: number;
}
