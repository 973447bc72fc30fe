import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BotEnvironment } from '../bots/bot.js';
import type { ImportState, LineState } from './bot-import.js';

/** Bots that are registered from one file. */
@Entity('bot_imports')
export class BotImportRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly createdBy: string;
  @Column('text') readonly environment: BotEnvironment;
  @Column('boolean') readonly takeOver: boolean;
  @Column('text') readonly state: ImportState;
  /** The number of lines with a token. */
  @Column('integer') readonly lines: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz', { nullable: true }) readonly finishedAt: Date | null;
}

/** One line of the file. */
@Entity('bot_import_lines')
export class BotImportLineRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly importId: string;
  /** Line number in the file, from 1. */
  @Column('integer') readonly line: number;
  /** Deleted once the line has a result. Read only if selected by name. */
  @Column('bytea', { nullable: true, select: false }) readonly tokenSealed: Buffer | null;
  /** Null for a line whose token was not stored. */
  @Column('text', { nullable: true }) readonly tokenLast4: string | null;
  @Column('text') readonly state: LineState;
  /** Number of registrations that were begun. */
  @Column('integer', { default: 0 }) readonly attempts: number;
  @Column('uuid', { nullable: true }) readonly botId: string | null;
  @Column('text', { nullable: true }) readonly code: string | null;
  @Column('text', { nullable: true }) readonly error: string | null;
  @Column('text', { nullable: true }) readonly remedy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) readonly updatedAt: Date;
}
