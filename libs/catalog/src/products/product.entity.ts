import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stars } from '#libs/kernel';
import type { ProductKind } from '../kinds/kinds.js';
import type { ProductState } from './product.js';

@Entity('products')
export class ProductRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') botId: string;
  @Column('text') kind: ProductKind;
  @Column('text') title: string;
  @Column('text') description: string;
  @Column('text', { default: 'active' }) state: ProductState;
  /** The version in `price_versions` that holds today's price. */
  @Column('integer') priceVersion: number;
  @Column('integer') stars: Stars;
  /** What buyers pay for. Never logged, never part of an event. */
  @Column('text', { nullable: true }) content: string | null;
  @Column('uuid', { nullable: true }) fileId: string | null;
  /** The chat that it opens, and whether the bot can let people in there and put them out. */
  @Column('uuid', { nullable: true }) chatId: string | null;
  @Column('boolean', { default: true }) chatReady: boolean;
  /** For the kind `credits`: what, how many, and for how many days. Never changed, so every invoice stays true. */
  @Column('text', { nullable: true }) creditUnit: string | null;
  @Column('bigint', { nullable: true }) creditAmount: number | null;
  @Column('integer', { nullable: true }) creditDays: number | null;
  /** For the kind `callback`: where the creator's server is asked for the goods. */
  @Column('text', { nullable: true }) fulfilmentUrl: string | null;
  /** For the kind `callback`, and never changed: seconds from the payment, and whether the Stars go back after them. */
  @Column('integer', { nullable: true }) fulfilmentDeadlineSeconds: number | null;
  @Column('boolean', { nullable: true }) refundAtDeadline: boolean | null;
  /** Shown on the card: a file, or an address that Telegram fetches, which the invoice shows as well. */
  @Column('uuid', { nullable: true }) photoFileId: string | null;
  @Column('text', { nullable: true }) photoUrl: string | null;
  @Column('integer', { nullable: true }) stock: number | null;
  @Column('integer', { nullable: true }) limitPerBuyer: number | null;
  @Column('timestamptz', { nullable: true }) saleStartsAt: Date | null;
  @Column('timestamptz', { nullable: true }) saleEndsAt: Date | null;
  @Column('integer', { default: 0 }) position: number;
  @Column('text', { array: true, default: [] }) tags: string[];
  @Column('boolean', { default: false }) hidden: boolean;
  @Column('jsonb', { default: {} }) metadata: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** A price as it was. Rows are only ever added; orders point at them. */
@Entity('price_versions')
export class PriceVersionRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  /** 1, 2, 3 ... */
  @PrimaryColumn('integer') version: number;
  @Column('integer') stars: Stars;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
