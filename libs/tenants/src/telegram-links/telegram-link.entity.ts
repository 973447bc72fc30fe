import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BotEnvironment } from '../bots/bot.js';

/** A one-time code for a member; once a person has sent it to the bot, the link between that person and the member. */
@Entity('telegram_links')
export class TelegramLinkRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly accountId: string;
  /** The bot that receives the code. */
  @Column('uuid') readonly botId: string;
  /** Telegram ids are unique within an environment. */
  @Column('text') readonly environment: BotEnvironment;
  /** SHA-256 of the code; the code itself is not stored. */
  @Column('bytea') readonly codeHash: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) readonly createdAt: Date;
  /** The time at which the code expires; the link does not. */
  @Column('timestamptz') readonly expiresAt: Date;
  @Column('bigint', { nullable: true }) readonly telegramId: number | null;
  /** The person's name in Telegram. */
  @Column('text', { nullable: true }) readonly name: string | null;
  @Column('timestamptz', { nullable: true }) readonly linkedAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly endedAt: Date | null;
}
