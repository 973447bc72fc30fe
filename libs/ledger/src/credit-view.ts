import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import {
  type ClawBack,
  CREDIT_CAUSES,
  CREDIT_CHANGES,
  type CreditCause,
  type LiveLot,
  RESERVATION_STATES,
  type ReservationState,
} from './credit.js';

export const standing = {
  buyer_telegram_id: z.int(),
  unit: z.string(),
  balance: z.int().describe("All of the buyer's credits; the sum of the entries."),
  reserved: z.int().describe('The part of the balance that open reservations hold.'),
  available: z.int().describe('Balance minus reserved: the credits that can be spent.'),
};

const standingSchema = z.object(standing);

export interface Account {
  readonly buyerId: number;
  readonly unit: string;
  readonly balance: number;
  readonly reserved: number;
}

/** The buyer, the unit and the balance after the change. */
export const standingView = (account: Account): Shown<typeof standingSchema> => ({
  buyer_telegram_id: account.buyerId,
  unit: account.unit,
  balance: account.balance,
  reserved: account.reserved,
  available: account.balance - account.reserved,
});

export const grantViewSchema = z
  .object({
    object: z.literal('credit_grant'),
    id: z.string(),
    amount: z.int(),
    reason: z.string().nullable(),
    expires_at: shownTime.nullable(),
    ...standing,
    created_at: shownTime,
  })
  .meta({ id: 'CreditGrant' });

interface Lot {
  readonly id: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

export const grantView = (account: Account, lot: Lot, reason: string | null): Shown<typeof grantViewSchema> => ({
  object: 'credit_grant' as const,
  id: publicId('creditLot', lot.id),
  amount: lot.amount,
  reason,
  expires_at: timeOrNull(lot.expiresAt),
  ...standingView(account),
  created_at: lot.createdAt.toISOString(),
});
export type GrantView = ReturnType<typeof grantView>;

export const debitViewSchema = z
  .object({
    object: z.literal('credit_debit'),
    id: z.string(),
    amount: z.int(),
    reason: z.string().nullable(),
    ...standing,
    created_at: shownTime,
  })
  .meta({ id: 'CreditDebit' });

interface Debit {
  readonly id: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly createdAt: Date;
}

export const debitView = (account: Account, debit: Debit): Shown<typeof debitViewSchema> => ({
  object: 'credit_debit' as const,
  id: publicId('creditDebit', debit.id),
  amount: debit.amount,
  reason: debit.reason,
  ...standingView(account),
  created_at: debit.createdAt.toISOString(),
});
export type DebitView = ReturnType<typeof debitView>;

export const reservationViewSchema = z
  .object({
    object: z.literal('credit_reservation'),
    id: z.string(),
    state: z.enum(RESERVATION_STATES),
    buyer_telegram_id: z.int(),
    unit: z.string(),
    amount: z.int(),
    committed: z.int().nullable(),
    reason: z.string().nullable(),
    order_id: z
      .string()
      .nullable()
      .describe('The order that it pays for and ends with. null if your server requested it.'),
    expires_at: shownTime.nullable(),
    closed_at: shownTime.nullable(),
    created_at: shownTime,
  })
  .meta({ id: 'CreditReservation' });

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

export const reservationView = (
  owner: Pick<Account, 'buyerId' | 'unit'>,
  reservation: ReservationFacts,
): Shown<typeof reservationViewSchema> => ({
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

const lotSchema = z
  .object({
    object: z.literal('credit_lot'),
    id: z.string(),
    charge_id: z.string().nullable().describe('The charge that bought it. null if it was granted.'),
    amount: z.int(),
    remaining: z.int(),
    reserved: z.int(),
    expires_at: shownTime.nullable(),
    created_at: shownTime,
  })
  .meta({ id: 'CreditLot' });

export const balanceSchema = z
  .object({
    object: z.literal('credit_balance'),
    ...standing,
    lots: z.array(lotSchema).describe('In the order of spending: oldest expiry first. The first 100.'),
  })
  .meta({ id: 'CreditBalance' });

/** A buyer's credits in one unit, with the lots in the order of spending. */
export interface UnitBalance extends Account {
  readonly lots: readonly LiveLot[];
}

const MAX_LOTS_SHOWN = 100;

export const balanceView = (account: UnitBalance): Shown<typeof balanceSchema> => ({
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

export const creditEntrySchema = z
  .object({
    object: z.literal('credit_entry'),
    id: z.string(),
    number: z.int().describe('Numbers the entries of this buyer and unit from 1, without gaps.'),
    change: z.enum(CREDIT_CHANGES),
    amount: z.int().describe('Signed.'),
    balance: z.int().describe('The balance after this entry.'),
    cause: z.string(),
    cause_id: z.string().describe('The charge, grant, debit, reservation or refund that caused it.'),
    lot_id: z.string(),
    reason: z.string().nullable(),
    created_at: shownTime,
  })
  .meta({ id: 'CreditEntry' });

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

export const creditEntryView = (entry: EntryFacts): Shown<typeof creditEntrySchema> => ({
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

/** The effect of a refund on a pack of credits. */
export const clawBackSchema = z.object({
  unit: z.string(),
  granted: z.int().describe('Credits that the charge bought: the sum of the four numbers that follow.'),
  clawed_back: z.int(),
  already_spent: z.int().describe('Cannot be taken back: balances never become negative.'),
  expired: z.int(),
  reserved: z.int().describe('Held by reservations at that time: spent if committed, taken back if released.'),
});

/** The effect of a refund on a pack, as the API and its events show it. */
export const clawBackView = (taken: ClawBack): Shown<typeof clawBackSchema> => ({
  unit: taken.unit,
  granted: taken.granted,
  clawed_back: taken.clawedBack,
  already_spent: taken.alreadySpent,
  expired: taken.expired,
  reserved: taken.reserved,
});
