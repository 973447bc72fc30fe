import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditCause, ReservationState } from './credit.js';

/** What one buyer holds in one unit, in all bots of the tenant. */
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
  /** How many entries there are, which is the number of the last one. */
  @Column('bigint') readonly entries: number;
  /** The next moment at which a lot or a reservation runs out. */
  @Column('timestamptz', { nullable: true }) readonly lapsesAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}

/** A pack of credits, as it was bought or given. */
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
  /** When it was written down that the lot has run out. */
  @Column('timestamptz', { nullable: true }) readonly expiredAt: Date | null;
  /** The refund by which the pack is taken back. */
  @Column('uuid', { nullable: true }) readonly refundId: string | null;
  @Column('bigint') readonly clawedBack: number;
  @Column('timestamptz') readonly createdAt: Date;
}

/** Never changed, never deleted: the database gives nobody the right. */
@Entity('credit_entries')
export class CreditEntryRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** Counts the entries of an account from 1, without a gap. */
  @Column('bigint') readonly number: number;
  @Column('uuid') readonly lotId: string;
  @Column('text') readonly cause: CreditCause;
  @Column('uuid') readonly causeId: string;
  /** Signed, never 0. */
  @Column('bigint') readonly amount: number;
  /** Of the account, after this entry. */
  @Column('bigint') readonly balance: number;
  @Column('text', { nullable: true }) readonly reason: string | null;
  @Column('timestamptz') readonly createdAt: Date;
}

@Entity('credit_reservations')
export class CreditReservationRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** The order that it pays for; null when a creator's server asked for it. */
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

/** From which lot a reservation took how much. It holds them while it is open. */
@Entity('credit_holds')
export class CreditHoldRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly reservationId: string;
  @PrimaryColumn('uuid') readonly lotId: string;
  @Column('bigint') readonly amount: number;
}
