import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that lets a bot act for it, as last reported by Telegram. Only the id of its owner is stored. */
@Entity('business_connections')
export class BusinessConnectionRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('text') readonly telegramConnectionId: string;
  @Column('bigint') readonly userId: number;
  /** Names of the granted rights, in order. */
  @Column('text', { array: true }) readonly rights: readonly string[];
  @Column('boolean') readonly enabled: boolean;
  @Column('timestamptz') readonly connectedAt: Date;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
