import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditCause, ReservationState } from './credit.js';

/** One buyer's credits in one unit, across all bots of the tenant. */
@Entity('credit_accounts')
export class CreditAccountRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  /** Telegram id. */
  @Column('bigint') readonly buyerId: number;
  @Column('text') readonly unit: string;
  /** The sum of the account's entries. */
  @Column('bigint') readonly balance: number;
  /** The part of the balance that open reservations hold. */
  @Column('bigint') readonly reserved: number;
  /** Number of entries, which is also the last one's number. */
  @Column('bigint') readonly entries: number;
  /** The next time at which a lot or reservation expires. */
  @Column('timestamptz', { nullable: true }) readonly lapsesAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}

/** A pack of credits that was bought or granted. */
@Entity('credit_lots')
export class CreditLotRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** The charge that bought it. */
  @Column('uuid', { nullable: true }) readonly chargeId: string | null;
  @Column('bigint') readonly amount: number;
  /** The sum of the lot's entries. */
  @Column('bigint') readonly remaining: number;
  @Column('bigint') readonly reserved: number;
  @Column('timestamptz', { nullable: true }) readonly expiresAt: Date | null;
  /** The time at which the lot's expiry was recorded. */
  @Column('timestamptz', { nullable: true }) readonly expiredAt: Date | null;
  /** The refund by which the pack is taken back. */
  @Column('uuid', { nullable: true }) readonly refundId: string | null;
  @Column('bigint') readonly clawedBack: number;
  @Column('timestamptz') readonly createdAt: Date;
}

/** Immutable: the database grants no role update or delete. */
@Entity('credit_entries')
export class CreditEntryRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** Numbers the entries of an account from 1, without gaps. */
  @Column('bigint') readonly number: number;
  @Column('uuid') readonly lotId: string;
  @Column('text') readonly cause: CreditCause;
  @Column('uuid') readonly causeId: string;
  /** Signed, never 0. */
  @Column('bigint') readonly amount: number;
  /** The account's balance after this entry. */
  @Column('bigint') readonly balance: number;
  @Column('text', { nullable: true }) readonly reason: string | null;
  @Column('timestamptz') readonly createdAt: Date;
}

@Entity('credit_reservations')
export class CreditReservationRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** The order that it pays for; null when a creator's server requested it. */
  @Column('uuid', { nullable: true }) readonly orderId: string | null;
  @Column('bigint') readonly amount: number;
  @Column('bigint', { nullable: true }) readonly committed: number | null;
  @Column('text') readonly state: ReservationState;
  @Column('text', { nullable: true }) readonly reason: string | null;
  /** Null when it ends with its order. */
  @Column('timestamptz', { nullable: true }) readonly expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly closedAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
}

/** The part of a lot that a reservation took. The lot's credits are held while the reservation is open. */
@Entity('credit_holds')
export class CreditHoldRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly reservationId: string;
  @PrimaryColumn('uuid') readonly lotId: string;
  @Column('bigint') readonly amount: number;
}
