import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Language } from '#libs/texts';

/** One text of a bot that its creator has reworded. */
@Entity('bot_texts')
export class BotTextRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  /** Null for the whole bot. */
  @Column('uuid', { nullable: true }) readonly productId: string | null;
  @Column('text') readonly language: Language;
  /** One of TEXT_KEYS; a row with a former key is kept and ignored. */
  @Column('text') readonly key: string;
  @Column('text') readonly text: string;
  @Column('timestamptz', { default: () => 'now()' }) readonly updatedAt: Date;
}
