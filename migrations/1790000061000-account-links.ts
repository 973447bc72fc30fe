import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that are sent by mail: to reset a password, to confirm or change an address. Mails with a secret. */
export class AccountLinks1790000061000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(LINKS);
    await q.query(MAILS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table account_links;
      alter table accounts drop column email_confirmed_at;
      delete from mails where kind <> 'new_device';
      drop index mails_old, mails_recent;
      alter table mails drop constraint mails_recipient_check, drop constraint mails_kind_check,
        drop column link_id, drop column invitation_id, drop column secret_sealed, alter column account_id set not null,
        add constraint mails_kind_check check (kind in ('new_device'));
      revoke delete on mails from starwall_platform;
    `);
  }
}

const LINKS = `
alter table accounts add column email_confirmed_at timestamptz;

-- Platform-owned like accounts.
create table account_links (
  id uuid primary key,
  account_id uuid not null references accounts,
  purpose text not null check (purpose in ('reset_password', 'confirm_address', 'change_address', 'restore_address')),
  -- A hash of the token. The token itself is only in the mail.
  token_hash bytea not null check (length(token_hash) = 32),
  -- The address to which it was sent.
  address text not null check (address = lower(address) and char_length(address) <= 254),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- Used, or replaced by a later event.
  ended_at timestamptz,
  unique (token_hash)
);
create index account_links_account on account_links (account_id, purpose, created_at);
-- An address that its owner may take back is not free.
create index account_links_reserved on account_links (address) where purpose = 'restore_address' and ended_at is null;
create index account_links_old on account_links (expires_at);
grant select, insert, update, delete on account_links to starwall_platform;
`;

const MAILS = `
alter table mails drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in ('new_device', 'reset_password', 'password_changed', 'confirm_address',
    'change_address', 'address_changing', 'invitation')),
  alter column account_id drop not null,
  -- The recipient, when it is not the account's address: the address of a link, or of an invitation.
  add column link_id uuid,
  add column invitation_id uuid,
  add column secret_sealed bytea,
  add constraint mails_recipient_check check (num_nonnulls(account_id, link_id, invitation_id) = 1),
  add foreign key (tenant_id, invitation_id) references invitations (tenant_id, id);
create index mails_recent on mails (account_id, kind, created_at) where account_id is not null;
create index mails_old on mails (created_at);
grant delete on mails to starwall_platform;
`;
