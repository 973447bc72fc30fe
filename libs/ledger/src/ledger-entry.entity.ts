import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Account } from './posting.js';

@Entity('ledger_entries')
export class LedgerEntryRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('text') readonly account: Account;
  @Column('bigint') readonly stars: number;
  @Column('text') readonly cause: 'charge' | 'refund';
  @Column('uuid') readonly causeId: string;
  @Column('timestamptz') readonly createdAt: Date;
}
