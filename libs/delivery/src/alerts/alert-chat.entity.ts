import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The workspace's chat for alerts to its creator, with one of their own bots. */
@Entity('alert_chats')
export class AlertChatRow {
  @PrimaryColumn('uuid') tenantId: string;
  @Column('uuid') botId: string;
  @Column('bigint') telegramId: number;
  /** The account that set it; null for older rows. */
  @Column('uuid', { nullable: true }) accountId: string | null;
  @Column('boolean', { default: false }) sales: boolean;
  @Column('boolean', { default: false }) failures: boolean;
  @Column('boolean', { default: false }) support: boolean;
  @Column('timestamptz', { default: () => 'now()' }) minuteAt: Date;
  @Column('integer', { default: 0 }) minuteCount: number;
  /** Events that it missed while the creator could not be reached, oldest first. */
  @Column('uuid', { array: true, default: () => `'{}'` }) missed: string[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
