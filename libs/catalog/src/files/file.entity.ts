import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file whose bytes are safely stored. Never changed but for the creator's notes: a new upload is a new file. */
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

/** As what a file is sent. What Telegram calls it then cannot be sent as anything else (Bot API, sending by file_id). */
export type SentAs = 'document' | 'photo' | 'video';

/** What Telegram calls a file. The name is good for the bot that uploaded the file and for no other. */
@Entity('telegram_files')
export class TelegramFileRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') botId: string;
  @PrimaryColumn('uuid') fileId: string;
  @PrimaryColumn('text') sentAs: SentAs;
  @Column('text') telegramFileId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
