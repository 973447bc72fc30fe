import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { type Cursor, Database, type PlatformTx, seekOptions, type TenantTx } from '#libs/database';
import { NOWHERE } from '#libs/journal';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { MailStore } from '#libs/mail';
import { Quotas } from '#libs/quotas';
import { CLOCK } from '#libs/runtime';
import { normalEmail, WrongCredentials } from '../accounts/account.js';
import { AccountRow, MembershipRow } from '../accounts/account.entity.js';
import { AccountService } from '../accounts/account.service.js';
import { InvitationRow } from './invitation.entity.js';
import { AlreadyMember, INVITATION_LIFETIME, InvitationInvalid, mayGive, RoleNotYours } from './member.js';
import { Passwords } from '../accounts/passwords.service.js';
import type { Role } from '../accounts/scope.js';
import { NO_PROOF, orRefuse } from '../accounts/second-factor.js';
import { newSecret, sha256 } from '../secret.js';
import { type OpenSession, SessionTokens } from '../accounts/session-tokens.service.js';

interface Open {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly inviterRole: Role | null;
}

const OPEN = `
select i.tenant_id as "tenantId", i.id, i.email, i.role, m.role as "inviterRole"
from invitations i left join memberships m on m.tenant_id = i.tenant_id and m.account_id = i.invited_by
where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2`;

/**
 * Maximum number of invitation emails per workspace: they contain its name, and go to people who did not ask for them.
 */
const MAILS_PER_DAY = 20;

/** An open invitation, as the person with its token may see it. */
export interface InvitationFacts {
  readonly workspace: string;
  readonly email: string;
  readonly role: Role;
  /** The address of the member who invites. */
  readonly invitedBy: string;
  readonly expiresAt: Date;
}

/**
 * Manages invitations to a workspace, which are emailed if email is configured. The inviter may also pass the token on.
 */
@Injectable()
export class InvitationService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountService,
    private readonly tokens: SessionTokens,
    private readonly passwords: Passwords,
    private readonly quotas: Quotas,
    private readonly mails: MailStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Creates an invitation, and cancels an open one of the same address. Emails its link, up to twenty times a day.
   * @param by the account that invites
   * @returns the row, and the token, which is never stored in plain text and cannot be shown again
   * @throws RoleNotYours when `by` may not grant that role; QuotaExhausted when the workspace has no room for a member
   */
  async create(
    tx: TenantTx,
    by: string,
    wish: { readonly email: string; readonly role: Role },
  ): Promise<{ readonly row: InvitationRow; readonly token: string; readonly mailed: boolean }> {
    const [now, { tenantId }, email] = [this.clock.now(), tx, normalEmail(wish.email)];
    const inviter = await tx.manager.findOneBy(MembershipRow, { tenantId, accountId: by });
    if (inviter === null || !mayGive(inviter.role, wish.role)) throw new RoleNotYours();
    await this.quotas.require(tx, 'members');
    const open = { tenantId, email, acceptedAt: IsNull(), revokedAt: IsNull() };
    await tx.manager.update(InvitationRow, open, { revokedAt: now });

    const token = newSecret();
    const expiresAt = new Date(now.getTime() + INVITATION_LIFETIME);
    const facts = { tenantId, id: newUuid(), email, role: wish.role, tokenHash: sha256(token), invitedBy: by };
    const row = { ...facts, createdAt: now, expiresAt, acceptedAt: null, acceptedBy: null, revokedAt: null };
    await tx.manager.insert(InvitationRow, row);
    return { row, token, mailed: await this.mail(tx, row, token) };
  }

  /** Newest first. @returns one more than `limit` when there are more */
  list(tx: TenantTx, limit: number, cursor: Cursor = {}): Promise<InvitationRow[]> {
    const { where, order } = seekOptions(cursor);
    return tx.manager.find(InvitationRow, { where: { tenantId: tx.tenantId, ...where }, order, take: limit + 1 });
  }

  /** Cancels an invitation. An accepted one does not change. Idempotent. @throws NotFound */
  async revoke(tx: TenantTx, id: string): Promise<void> {
    const found = await tx.query(
      `update invitations set revoked_at = case when accepted_at is null then coalesce(revoked_at, $3) end
       where tenant_id = $1 and id = $2 returning 1`,
      [tx.tenantId, id, this.clock.now()],
    );
    if (found.length === 0) throw new NotFound('invitation');
  }

  /** Shows an invitation to the person who has its token. @throws InvitationInvalid */
  async facts(token: string): Promise<InvitationFacts> {
    return this.db.inPlatform('show an invitation to the invited person', async (tx) => {
      const { tenantId, id } = await this.find(tx, OPEN, token);
      const [facts] = await tx.query<InvitationFacts>(
        `select t.name as workspace, i.email, i.role, a.email as "invitedBy", i.expires_at as "expiresAt"
         from invitations i join tenants t on t.id = i.tenant_id join accounts a on a.id = i.invited_by
         where i.tenant_id = $1 and i.id = $2`,
        [tenantId, id],
      );
      if (facts === undefined) throw new InvitationInvalid();
      return facts;
    });
  }

  /** The address of an invitation. @throws InvitationInvalid */
  async addressee(token: string): Promise<string> {
    const { email } = await this.db.inPlatform('find the address of an invitation', (tx) => this.find(tx, OPEN, token));
    return email;
  }

  /**
   * Creates a member, and an account when there is none with that address, and opens a session in the workspace. A new
   * account gets an email to confirm its address, because the inviter also knows the token. Of several concurrent calls
   * one succeeds.
   * @param password of the account; for a new one 10 to 200 characters
   * @throws InvitationInvalid, WrongCredentials, AlreadyMember, QuotaExhausted, EmailTaken when someone has just signed
   * up with the address
   * @throws SecondFactorRequired, WrongSecondFactor, CodesLocked, and then the invitation stays open
   */
  async accept(token: string, password: string, device = NOWHERE, proof = NO_PROOF): Promise<OpenSession> {
    const known = await this.db.inPlatform('find the address of an invitation and its account', async (tx) =>
      tx.manager.findOneBy(AccountRow, { email: (await this.find(tx, OPEN, token)).email }),
    );
    // Hashing takes long, so it is done between the transactions.
    if (known !== null && !(await this.passwords.matches(known.passwordHash, password))) throw new WrongCredentials();
    const passwordHash = known?.passwordHash ?? (await this.passwords.hash(password));
    const session = await this.db.inPlatform('accept an invitation', async (tx) => {
      const { tenantId, id, email, role } = await this.find(tx, `${OPEN} for update of i`, token);
      if (known !== null) {
        const wrong = await this.tokens.admit(tx, { accountId: known.id, passwordHash }, device, proof);
        if (wrong !== undefined) return wrong;
      }
      await this.quotas.require(tx.asTenant(tenantId), 'members');
      const accountId = known?.id ?? (await this.accounts.make(tx, email, passwordHash));
      const joined = await tx.query(
        `insert into memberships (tenant_id, account_id, role) values ($1, $2, $3)
         on conflict (tenant_id, account_id) do nothing returning 1`,
        [tenantId, accountId, role],
      );
      if (joined.length === 0) throw new AlreadyMember();
      await tx.manager.update(InvitationRow, { tenantId, id }, { acceptedAt: this.clock.now(), acceptedBy: accountId });
      if (known === null) await this.accounts.askToConfirm(tx, accountId, email);
      return this.tokens.open(tx, 'invitations_accept', { accountId, tenantId }, device);
    });
    return orRefuse(session);
  }

  /** @returns false if email is not configured, or today's maximum is reached */
  private async mail(tx: TenantTx, { id, role }: InvitationRow, secret: string): Promise<boolean> {
    if (!this.mails.available || (await this.mails.countToday(tx, 'invitation')) >= MAILS_PER_DAY) return false;
    const [tenant] = await tx.query<{ name: string }>('select name from tenants where id = $1', [tx.tenantId]);
    const facts = { workspace: tenant?.name ?? '', role };
    await this.mails.enqueue(tx, { to: { invitationId: id }, kind: 'invitation', facts, secret });
    return true;
  }

  // An invitation grants no more than its inviter may grant now.
  private async find(tx: PlatformTx, sql: string, token: string): Promise<Open> {
    const [open] = await tx.query<Open>(sql, [sha256(token), this.clock.now()]);
    if (open === undefined || open.inviterRole === null || !mayGive(open.inviterRole, open.role)) {
      throw new InvitationInvalid();
    }
    return open;
  }
}
