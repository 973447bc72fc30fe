import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stars } from '#libs/kernel';
import type { CanceledBy, Subscription, SubscriptionState, SubscriptionWish } from './subscription.js';

/** A recurring purchase. It has the id of the order that began it. */
@Entity('subscriptions')
export class SubscriptionRow implements Subscription {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly buyerId: number;
  @Column('uuid') readonly productId: string;
  @Column('integer') readonly stars: Stars;
  @Column('integer') readonly periodSeconds: number;
  @Column('integer') readonly graceSeconds: number;
  @Column('text') readonly state: SubscriptionState;
  @Column('timestamptz') readonly paidUntil: Date;
  @Column('timestamptz') readonly accessUntil: Date;
  @Column('integer', { default: 0 }) readonly renewals: number;
  @Column('text', { nullable: true }) readonly firstChargeId: string | null;
  @Column('text', { nullable: true }) readonly wish: SubscriptionWish | null;
  @Column('text', { nullable: true }) readonly wishFailure: string | null;
  @Column('boolean', { default: false }) readonly locked: boolean;
  @Column('text', { nullable: true }) readonly canceledBy: CanceledBy | null;
  @Column('timestamptz', { nullable: true }) readonly canceledAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly endedAt: Date | null;
  /** The end of which the buyer was reminded. */
  @Column('timestamptz', { nullable: true }) readonly remindedUntil: Date | null;
  /** The end of which the buyer was told when the bot was removed. */
  @Column('timestamptz', { nullable: true }) readonly farewellUntil: Date | null;
  @Column('timestamptz', { nullable: true }) readonly wonBackAt: Date | null;
  @Column('jsonb', { default: {} }) readonly metadata: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) readonly createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) readonly updatedAt: Date;
}
