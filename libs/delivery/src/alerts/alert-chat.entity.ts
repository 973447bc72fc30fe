import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one chat of a workspace in which its creator hears of things, with one of their own bots. */
@Entity('alert_chats')
export class AlertChatRow {
  @PrimaryColumn('uuid') tenantId: string;
  @Column('uuid') botId: string;
  @Column('bigint') telegramId: number;
  /** Who set it; null where that was not kept yet. */
  @Column('uuid', { nullable: true }) accountId: string | null;
  @Column('boolean', { default: false }) sales: boolean;
  @Column('boolean', { default: false }) failures: boolean;
  @Column('boolean', { default: false }) support: boolean;
  @Column('timestamptz', { default: () => 'now()' }) minuteAt: Date;
  @Column('integer', { default: 0 }) minuteCount: number;
  /** Events of which it should have heard while the creator could not be reached, oldest first. */
  @Column('uuid', { array: true, default: () => `'{}'` }) missed: string[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
