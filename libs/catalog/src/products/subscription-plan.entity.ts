import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SubscriptionTerms } from '../kinds/kind-subscription.js';

/** The terms of a product of the kind `subscription`. Running subscriptions keep their original terms. */
@Entity('subscription_plans')
export class SubscriptionPlanRow implements SubscriptionTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('integer') periodSeconds: number;
  @Column('integer') graceSeconds: number;
  @Column('integer', { nullable: true }) remindSeconds: number | null;
  @Column('boolean') winBack: boolean;
}
