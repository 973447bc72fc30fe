import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AnswerDelivery, SupportFile } from './support.js';

@Entity('support_messages')
export class SupportMessageRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly threadId: string;
  @Column('text') readonly direction: 'buyer' | 'creator';
  /** For a file, its caption, which may be empty. */
  @Column('text') readonly text: string;
  /** The kind of the file; null for a text alone, as are the file's id and name. */
  @Column('text', { nullable: true }) readonly fileKind: SupportFile['kind'] | null;
  /** Telegram's id of the file; null for an answer's until it was sent. */
  @Column('text', { nullable: true }) readonly fileId: string | null;
  /** The stored file of an answer. */
  @Column('uuid', { nullable: true }) readonly uploadId: string | null;
  @Column('text', { nullable: true }) readonly fileName: string | null;
  /** The creator's staff member who wrote it; null for the buyer. */
  @Column('uuid', { nullable: true }) readonly accountId: string | null;
  /** Its id in the chat with the bot; null until an answer was sent. */
  @Column('bigint', { nullable: true }) readonly telegramMessageId: number | null;
  /** Null for the buyer's messages. */
  @Column('text', { nullable: true }) readonly delivery: AnswerDelivery | null;
  @Column('text', { nullable: true }) readonly deliveryError: string | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz', { nullable: true }) readonly sentAt: Date | null;
}
