import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccessFacts, AccessState } from './chat-access.js';

/** A buyer and a chat that they have bought access to. */
@Entity('chat_accesses')
export class ChatAccessRow implements AccessFacts {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly chatId: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly buyerId: number;
  @Column('text') readonly state: AccessState;
  /** Including grace; null: no end. */
  @Column('timestamptz', { nullable: true }) readonly accessUntil: Date | null;
  @Column('timestamptz', { nullable: true }) readonly requestedAt: Date | null;
  /** The buyer's own invite link. Never logged, never part of an event. */
  @Column('text', { nullable: true }) readonly link: string | null;
  @Column('timestamptz', { nullable: true }) readonly linkExpiresAt: Date | null;
  /** The link was made for the group that the chat was before it became a supergroup. */
  @Column('boolean', { default: false }) readonly linkLost: boolean;
  /** Telegram id of another person who used the link. */
  @Column('bigint', { nullable: true }) readonly intruderId: number | null;
  /** The end of the paid time, without grace, of which the buyer was last reminded. */
  @Column('timestamptz', { nullable: true }) readonly remindedUntil: Date | null;
  /** The reason why the last step failed, as the creator was told; null if there was no failure. */
  @Column('text', { nullable: true }) readonly failure: string | null;
  @Column('timestamptz', { nullable: true }) readonly failedAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly joinedAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly endedAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) readonly createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) readonly updatedAt: Date;
}
