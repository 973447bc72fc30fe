import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The emails that a member has chosen. Without a row, the role decides. */
@Entity('mail_alerts')
export class MailAlertRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') accountId: string;
  @Column('boolean') sales: boolean;
  @Column('boolean') failures: boolean;
  @Column('boolean') support: boolean;
  @Column('boolean') warnings: boolean;
}
