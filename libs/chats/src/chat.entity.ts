import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Admission, BotStanding, ChatFacts, ChatType } from './chat.js';

/** A group or channel that a bot was made an administrator of. */
@Entity('chats')
export class ChatRow implements ChatFacts {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly telegramId: number;
  /** The Telegram id of the group before it became a supergroup. */
  @Column('bigint', { nullable: true }) readonly formerTelegramId: number | null;
  /** The row that represents this chat, if it had two. */
  @Column('uuid', { nullable: true }) readonly mergedInto: string | null;
  @Column('text') readonly type: ChatType;
  @Column('text') readonly title: string;
  @Column('text', { nullable: true }) readonly username: string | null;
  @Column('boolean', { default: false }) readonly joinByRequest: boolean;
  @Column('text') readonly standing: BotStanding;
  @Column('boolean') readonly canInvite: boolean;
  @Column('boolean') readonly canRemove: boolean;
  /** The time since which access cannot be sold. */
  @Column('timestamptz', { nullable: true }) readonly lackingSince: Date | null;
  @Column('text', { default: 'request' }) readonly admission: Admission;
  /** All members, as counted by Telegram at the last check. */
  @Column('integer', { nullable: true }) readonly memberCount: number | null;
  @Column('timestamptz') readonly lookedAt: Date;
  /** The time of the next check. */
  @Column('timestamptz', { default: () => `now() + interval '1 hour'` }) readonly lookDueAt: Date;
  @Column('jsonb', { default: {} }) readonly metadata: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) readonly createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) readonly updatedAt: Date;
}
