import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PostState, PostWay } from './product-post.js';
import { type Language } from '#libs/texts';

@Entity('product_posts')
export class ProductPostRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('uuid') readonly productId: string;
  @Column('text') readonly chat: string;
  @Column('bigint', { nullable: true }) readonly chatId: number | null;
  @Column('text', { nullable: true }) readonly chatTitle: string | null;
  @Column('text') readonly way: PostWay;
  @Column('text', { nullable: true }) readonly source: string | null;
  @Column('text') readonly language: Language;
  @Column('text', { nullable: true }) readonly caption: string | null;
  @Column('bytea') readonly request: Buffer;
  @Column('text') readonly state: PostState;
  @Column('text', { nullable: true }) readonly failure: string | null;
  @Column('bigint', { nullable: true }) readonly messageId: number | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
