import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alerts to members by mail: their switches, and the pace of each kind. */
export class MailAlerts1790000092000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(TABLES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table mail_alerts, mail_alert_paces;
      delete from mails where kind = 'alert';
      alter table mails drop constraint mails_kind_check,
        add constraint mails_kind_check check (kind in ('new_device', 'reset_password', 'password_changed', 'confirm_address',
          'change_address', 'address_changing', 'invitation'));
    `);
  }
}

const TABLES = `
-- Whoever has no row gets what their role gets.
create table mail_alerts (
  tenant_id uuid not null references tenants,
  account_id uuid not null references accounts,
  sales boolean not null,
  failures boolean not null,
  support boolean not null,
  warnings boolean not null,
  primary key (tenant_id, account_id)
);
select make_tenant_owned('mail_alerts', 'select, insert, update, delete', 'select');

create table mail_alert_paces (
  tenant_id uuid not null references tenants,
  kind text not null check (kind in ('sales', 'failures', 'support', 'warnings')),
  -- The latest mail; null before the first.
  sent_at timestamptz,
  -- The event that the next mail is about. It may be forgotten before that.
  waiting uuid,
  -- Further events since then.
  held integer not null default 0 check (held >= 0),
  primary key (tenant_id, kind)
);
select make_tenant_owned('mail_alert_paces', 'select, insert, update, delete', 'select');

alter table mails drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in ('new_device', 'reset_password', 'password_changed', 'confirm_address',
    'change_address', 'address_changing', 'invitation', 'alert'));
`;
