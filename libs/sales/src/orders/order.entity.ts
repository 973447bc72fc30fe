import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stars } from '#libs/kernel';
import type { Billing, Delivery, Order, OrderState } from './order.js';

@Entity('orders')
export class OrderRow implements Order {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly buyerId: number;
  @Column('uuid') readonly productId: string;
  @Column('integer') readonly priceVersion: number;
  @Column('integer') readonly stars: Stars;
  @Column('uuid', { nullable: true }) readonly promoCodeId: string | null;
  @Column('integer', { nullable: true }) readonly listStars: Stars | null;
  @Column('boolean') readonly promoTaken: boolean;
  @Column('text') readonly state: OrderState;
  @Column('text') readonly delivery: Delivery;
  @Column('text', { nullable: true }) readonly deliveryError: string | null;
  @Column('integer') readonly handoverRound: number;
  @Column('bigint', { nullable: true }) readonly placedByUpdate: number | null;
  @Column('text', { nullable: true }) readonly source: string | null;
  /** The payload of the invoice that anyone could pay, if it was paid by one; else null. */
  @Column('text', { nullable: true }) readonly offer: string | null;
  @Column('boolean') readonly stockReserved: boolean;
  @Column('text', { nullable: true }) readonly approvedQueryId: string | null;
  @Column('timestamptz', { nullable: true }) readonly approvedAt: Date | null;
  /** The time at which Telegram unlocked paid media for the buyer, who had paid; the charge follows. */
  @Column('timestamptz', { nullable: true }) readonly unlockedAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly paidAt: Date | null;
  /** The time at which the receipt was sent before the goods; null if it comes with them. */
  @Column('timestamptz', { nullable: true }) readonly receiptAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly deliveredAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly refundedAt: Date | null;
  @Column('timestamptz') readonly expiresAt: Date;
  @Column('integer') readonly eventSequence: number;
  @Column('text', { default: 'purchase' }) readonly billing: Billing;
  /** Once it is paid: the subscription that it began or renewed. */
  @Column('uuid', { nullable: true }) readonly subscriptionId: string | null;
  /** Telegram's last report about the subscription that this order begins, from before its payment was recorded. */
  @Column('text', { nullable: true }) readonly reported: 'active' | 'canceled' | 'failed' | null;
  @Column('timestamptz', { nullable: true }) readonly reportedAt: Date | null;
  /** The price in credits, if it was paid with them. */
  @Column('text', { nullable: true }) readonly creditUnit: string | null;
  @Column('bigint', { nullable: true }) readonly creditAmount: number | null;
  /** The buyer's text after a command. Sent to the creator's server; never logged, never part of an event. */
  @Column('text', { nullable: true }) readonly arguments: string | null;
  @Column('jsonb') readonly metadata: Record<string, string>;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
