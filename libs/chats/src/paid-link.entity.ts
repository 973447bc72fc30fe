import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stars } from '#libs/kernel';

/** One of Telegram's own paid invite links of a channel. */
@Entity('chat_paid_links')
export class PaidLinkRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly chatId: string;
  @Column('text') readonly link: string;
  @Column('text', { nullable: true }) readonly name: string | null;
  @Column('integer') readonly stars: Stars;
  @Column('integer') readonly periodSeconds: number;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) readonly createdAt: Date;
}
