import { idOrNull, publicId, timeOrNull } from '#libs/kernel';
import { type ClawBack, CREDIT_CAUSES, type CreditCause, type LiveLot, type ReservationState } from './credit.js';

interface Account {
  readonly buyerId: number;
  readonly unit: string;
  readonly balance: number;
  readonly reserved: number;
}

/** Whose credits, and how many there are after what was done. */
export const standingView = (account: Account) => ({
  buyer_telegram_id: account.buyerId,
  unit: account.unit,
  balance: account.balance,
  reserved: account.reserved,
  available: account.balance - account.reserved,
});

interface Lot {
  readonly id: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

export const grantView = (account: Account, lot: Lot, reason: string | null) => ({
  object: 'credit_grant' as const,
  id: publicId('creditLot', lot.id),
  amount: lot.amount,
  reason,
  expires_at: timeOrNull(lot.expiresAt),
  ...standingView(account),
  created_at: lot.createdAt.toISOString(),
});
export type GrantView = ReturnType<typeof grantView>;

interface Debit {
  readonly id: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly createdAt: Date;
}

export const debitView = (account: Account, debit: Debit) => ({
  object: 'credit_debit' as const,
  id: publicId('creditDebit', debit.id),
  amount: debit.amount,
  reason: debit.reason,
  ...standingView(account),
  created_at: debit.createdAt.toISOString(),
});
export type DebitView = ReturnType<typeof debitView>;

export interface ReservationFacts {
  readonly id: string;
  readonly state: ReservationState;
  readonly amount: number;
  readonly committed: number | null;
  readonly reason: string | null;
  readonly orderId: string | null;
  readonly expiresAt: Date | null;
  readonly closedAt: Date | null;
  readonly createdAt: Date;
}

export const reservationView = (owner: Pick<Account, 'buyerId' | 'unit'>, reservation: ReservationFacts) => ({
  object: 'credit_reservation' as const,
  id: publicId('creditReservation', reservation.id),
  state: reservation.state,
  buyer_telegram_id: owner.buyerId,
  unit: owner.unit,
  amount: reservation.amount,
  committed: reservation.committed,
  reason: reservation.reason,
  order_id: idOrNull('order', reservation.orderId),
  expires_at: timeOrNull(reservation.expiresAt),
  closed_at: timeOrNull(reservation.closedAt),
  created_at: reservation.createdAt.toISOString(),
});
export type ReservationView = ReturnType<typeof reservationView>;

/** All that a buyer holds in one unit, with the lots in the order in which they are spent. */
export interface UnitBalance extends Account {
  readonly lots: readonly LiveLot[];
}

const MAX_LOTS_SHOWN = 100;

export const balanceView = (account: UnitBalance) => ({
  object: 'credit_balance' as const,
  ...standingView(account),
  lots: account.lots.slice(0, MAX_LOTS_SHOWN).map((lot) => ({
    object: 'credit_lot' as const,
    id: publicId('creditLot', lot.id),
    charge_id: idOrNull('charge', lot.chargeId),
    amount: lot.amount,
    remaining: lot.remaining,
    reserved: lot.reserved,
    expires_at: timeOrNull(lot.expiresAt),
    created_at: lot.createdAt.toISOString(),
  })),
});

export interface EntryFacts {
  readonly id: string;
  readonly number: number;
  readonly lotId: string;
  readonly cause: CreditCause;
  readonly causeId: string;
  readonly amount: number;
  readonly balance: number;
  readonly reason: string | null;
  readonly createdAt: Date;
}

export const creditEntryView = (entry: EntryFacts) => ({
  object: 'credit_entry' as const,
  id: publicId('creditEntry', entry.id),
  number: entry.number,
  change: CREDIT_CAUSES[entry.cause].change,
  amount: entry.amount,
  balance: entry.balance,
  cause: entry.cause,
  cause_id: publicId(CREDIT_CAUSES[entry.cause].of, entry.causeId),
  lot_id: publicId('creditLot', entry.lotId),
  reason: entry.reason,
  created_at: entry.createdAt.toISOString(),
});

/** What a refund did to a pack, as the API and its events show it. */
export const clawBackView = (taken: ClawBack) => ({
  unit: taken.unit,
  granted: taken.granted,
  clawed_back: taken.clawedBack,
  already_spent: taken.alreadySpent,
  expired: taken.expired,
  reserved: taken.reserved,
});
