import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MediaItem, MediaType } from '../kinds/kind-paid-media.js';

/** One photo or video of a product of the kind `paid_media`. */
@Entity('paid_media_items')
export class PaidMediaItemRow implements MediaItem {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  /** From 0. */
  @PrimaryColumn('integer') place: number;
  @Column('text') type: MediaType;
  @Column('uuid', { nullable: true }) fileId: string | null;
  /** The media, which buyers pay for. */
  @Column('text', { nullable: true }) telegramFileId: string | null;
}
