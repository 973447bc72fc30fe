import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AnswerDelivery } from './support.js';

@Entity('support_messages')
export class SupportMessageRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly threadId: string;
  @Column('text') readonly direction: 'buyer' | 'creator';
  @Column('text') readonly text: string;
  /** Who of the creator's people wrote it; null for the buyer. */
  @Column('uuid', { nullable: true }) readonly accountId: string | null;
  /** Its id in the chat with the bot; null while an answer has not gone out. */
  @Column('bigint', { nullable: true }) readonly telegramMessageId: number | null;
  /** Null for the buyer's messages. */
  @Column('text', { nullable: true }) readonly delivery: AnswerDelivery | null;
  @Column('text', { nullable: true }) readonly deliveryError: string | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz', { nullable: true }) readonly sentAt: Date | null;
}
