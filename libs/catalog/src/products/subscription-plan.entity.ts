import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SubscriptionTerms } from '../kinds/kind-subscription.js';

/** What a product of the kind `subscription` says of itself. What runs already keeps the terms it began with. */
@Entity('subscription_plans')
export class SubscriptionPlanRow implements SubscriptionTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('integer') periodSeconds: number;
  @Column('integer') graceSeconds: number;
  @Column('integer', { nullable: true }) remindSeconds: number | null;
  @Column('boolean') winBack: boolean;
}
