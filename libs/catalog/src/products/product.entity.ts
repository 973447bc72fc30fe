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
  /** The version in `price_versions` with the current price. */
  @Column('integer') priceVersion: number;
  @Column('integer') stars: Stars;
  /** The goods. Never logged, never part of an event. */
  @Column('text', { nullable: true }) content: string | null;
  @Column('uuid', { nullable: true }) fileId: string | null;
  /** The chat that the product opens, and whether the bot can admit and remove people there. */
  @Column('uuid', { nullable: true }) chatId: string | null;
  @Column('boolean', { default: true }) chatReady: boolean;
  /** For the kind `credits`: unit, amount, and validity in days. Immutable, so every invoice stays correct. */
  @Column('text', { nullable: true }) creditUnit: string | null;
  @Column('bigint', { nullable: true }) creditAmount: number | null;
  @Column('integer', { nullable: true }) creditDays: number | null;
  /** For the kind `callback`: the address at which the creator's server is asked for the goods. */
  @Column('text', { nullable: true }) fulfilmentUrl: string | null;
  /**
   * For the kind `callback`, immutable: seconds from the payment to the deadline, and whether Stars are refunded after
   * it.
   */
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

/** A historical price. Append-only; orders refer to it. */
@Entity('price_versions')
export class PriceVersionRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  /** 1, 2, 3 ... */
  @PrimaryColumn('integer') version: number;
  @Column('integer') stars: Stars;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
