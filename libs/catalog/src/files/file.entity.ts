import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file whose bytes are stored. Immutable except for the creator's metadata: a new upload is a new file. */
@Entity('files')
export class FileRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') mime: string;
  @Column('bigint') bytes: number;
  @Column('bytea') sha256: Buffer;
  @Column('text') storageKey: string;
  @Column('jsonb', { default: () => `'{}'` }) metadata: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

/**
 * The type of message in which a file is sent. Telegram's id for it is limited to that type (Bot API, sending by
 * file_id).
 */
export type SentAs = 'document' | 'photo' | 'video';

/** Telegram's id of a file. It works only for the bot that uploaded the file. */
@Entity('telegram_files')
export class TelegramFileRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') botId: string;
  @PrimaryColumn('uuid') fileId: string;
  @PrimaryColumn('text') sentAs: SentAs;
  @Column('text') telegramFileId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
