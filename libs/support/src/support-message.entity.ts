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
  /** The kind of the file; null if there is only text, like the file's id and name. */
  @Column('text', { nullable: true }) readonly fileKind: SupportFile['kind'] | null;
  /** Telegram's id of the file; for a reply, null until it was sent. */
  @Column('text', { nullable: true }) readonly fileId: string | null;
  /** The stored file of a reply. */
  @Column('uuid', { nullable: true }) readonly uploadId: string | null;
  @Column('text', { nullable: true }) readonly fileName: string | null;
  /** The member of the creator's team who wrote it; null for the buyer. */
  @Column('uuid', { nullable: true }) readonly accountId: string | null;
  /** Its id in the chat with the bot; for a reply, null until it was sent. */
  @Column('bigint', { nullable: true }) readonly telegramMessageId: number | null;
  /** Null for the buyer's messages. */
  @Column('text', { nullable: true }) readonly delivery: AnswerDelivery | null;
  @Column('text', { nullable: true }) readonly deliveryError: string | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz', { nullable: true }) readonly sentAt: Date | null;
}
