import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { AuditStore, JobStore } from '#libs/journal';
import { type Clock, newUuid } from '#libs/kernel';
import { MailStore } from '#libs/mail';
import {
  AccountMails,
  AccountService,
  Addresses,
  ApiKeyDirectory,
  ApiKeyService,
  InvitationService,
  MemberService,
  PasswordResets,
  type Role,
  SessionDirectory,
  SessionTokens,
} from '#libs/tenants';
import { AccountLinks } from '../../libs/tenants/src/accounts/account-link.store.js';
import { Passwords } from '../../libs/tenants/src/accounts/passwords.service.js';
import { SecondFactors } from '../../libs/tenants/src/accounts/second-factor.service.js';
import { SessionStore } from '../../libs/tenants/src/accounts/session.store.js';
import { testBox } from './database.js';
import { quotasAt } from './quotas.js';

/** Creates the services for people and credentials, as in one process. */
export function peopleServices(db: Database, clock: Clock, livemode = false) {
  const [keyDirectory, sessions] = [new ApiKeyDirectory(db, { livemode }, clock), new SessionDirectory(db, clock)];
  const [passwords, store] = [new Passwords(), new SessionStore()];
  const audit = new AuditStore();
  const box = testBox(clock);
  const smtp = { url: 'smtp://127.0.0.1:1', from: 'no-reply@starwall.example' };
  const mails = new MailStore(new JobStore(), box, { smtp, simulatorUrl: undefined, telegramApiRoot: '' }, clock);
  const links = new AccountLinks(clock);
  const accountMails = new AccountMails(db, links, mails);
  const factors = new SecondFactors(db, box, passwords, store, sessions, audit, clock);
  const tokens = new SessionTokens(db, store, sessions, factors, audit, mails, clock);
  const accounts = new AccountService(db, store, sessions, passwords, factors, tokens, links, accountMails, clock);
  return {
    mails,
    resets: new PasswordResets(db, links, accountMails, passwords, store, sessions, clock),
    addresses: new Addresses(db, links, accountMails, passwords, factors, store, sessions, clock),
    keyDirectory,
    sessions,
    accounts,
    tokens,
    factors,
    keys: new ApiKeyService(keyDirectory, quotasAt(clock), { livemode }, clock),
    members: new MemberService(db, sessions, keyDirectory, new JobStore(), clock),
    invitations: new InvitationService(db, accounts, tokens, passwords, quotasAt(clock), mails, clock),
  };
}

/** Creates a workspace with members of these roles, whose passwords are unknown. @returns its id, and theirs in the same order */
export async function workspaceOf(owner: DataSource, ...roles: readonly Role[]) {
  const [tenantId, accountIds] = [newUuid(), roles.map(() => newUuid())];
  await owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Guests']);
  for (const [i, accountId] of accountIds.entries()) {
    const account = [accountId, `${accountId}@example.com`, 'none'];
    await owner.query('insert into accounts (id, email, password_hash) values ($1, $2, $3)', account);
    const membership = [tenantId, accountId, roles[i]];
    await owner.query('insert into memberships (tenant_id, account_id, role) values ($1, $2, $3)', membership);
  }
  return { tenantId, accountIds };
}
