import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, Database, type TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { MembershipRow } from '../accounts/account.entity.js';
import { ApiKeyDirectory } from '../keys/api-key-directory.service.js';
import { judgeRemoval, judgeRoleChange, LastOwner, type Member, RoleNotYours } from './member.js';
import type { Role } from '../accounts/scope.js';
import { menuJobs } from '../bots/menu-jobs.js';
import { SessionDirectory } from '../accounts/session-directory.service.js';

export interface MemberFacts extends Member {
  readonly email: string;
  /** The time at which they joined. */
  readonly createdAt: Date;
}

const LIST = `
select m.account_id as "accountId", a.email, m.role, m.created_at as "createdAt"
from memberships m join accounts a on a.id = m.account_id
where m.tenant_id = $1`;

/**
 * The members of a workspace with their roles. A change takes effect at once in this process and within five seconds in
 * the others.
 */
@Injectable()
export class MemberService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionDirectory,
    private readonly keys: ApiKeyDirectory,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest accounts first. @returns one more than `limit` when there are more */
  list(tenantId: string, limit: number, { after, before }: Cursor = {}): Promise<MemberFacts[]> {
    return this.db.inPlatform('list the members of a workspace with their addresses', (tx) =>
      tx.query<MemberFacts>(
        `${LIST} and ($2::uuid is null or m.account_id < $2) and ($3::uuid is null or m.account_id > $3)
         order by m.account_id ${before === undefined ? 'desc' : 'asc'} limit $4`,
        [tenantId, after ?? null, before ?? null, limit + 1],
      ),
    );
  }

  /** @throws NotFound, RoleNotYours, LastOwner */
  async changeRole(tenantId: string, by: string, accountId: string, role: Role): Promise<MemberFacts> {
    await this.db.inTenant(tenantId, async (tx) => {
      const { actor, member, owners } = await this.lock(tx, by, accountId);
      conclude(judgeRoleChange(actor.role, member, role, owners));
      await tx.manager.update(MembershipRow, { tenantId, accountId }, { role });
      const linked = `select bot_id as "botId" from telegram_links
        where tenant_id = $1 and account_id = $2 and linked_at is not null and ended_at is null`;
      await this.jobs.enqueue(tx, menuJobs(await tx.query<{ botId: string }>(linked, [tenantId, accountId])));
    });
    this.forget(accountId);
    const rows = await this.db.inPlatform('read one member with their address', (tx) =>
      tx.query<MemberFacts>(`${LIST} and m.account_id = $2`, [tenantId, accountId]),
    );
    const changed = rows[0];
    if (changed === undefined) throw new NotFound('member');
    return changed;
  }

  /**
   * Removes a member from the workspace. The API keys that they created, their open invitations and their links to
   * Telegram also end: a removed member must not keep any access. Views that only they saw are deleted.
   * @throws NotFound, RoleNotYours, LastOwner
   */
  async remove(tx: TenantTx, by: string, accountId: string): Promise<void> {
    const { actor, member, owners } = await this.lock(tx, by, accountId);
    conclude(judgeRemoval(actor, member, owners));
    const theirs = [tx.tenantId, accountId, this.clock.now()];
    const [links] = await Promise.all([
      tx.query<{ botId: string }>(
        `update telegram_links set ended_at = $3 where tenant_id = $1 and account_id = $2 and ended_at is null
         returning bot_id as "botId"`,
        theirs,
      ),
      tx.query(
        'update api_keys set revoked_at = $3 where tenant_id = $1 and created_by = $2 and revoked_at is null',
        theirs,
      ),
      tx.query(
        `update invitations set revoked_at = $3
         where tenant_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
        theirs,
      ),
      tx.query('delete from order_views where tenant_id = $1 and account_id = $2 and not shared', [
        tx.tenantId,
        accountId,
      ]),
      tx.manager.delete(MembershipRow, { tenantId: tx.tenantId, accountId }),
    ]);
    await this.jobs.enqueue(tx, menuJobs(links));
    this.forget(accountId);
  }

  /**
   * Locks both members and every owner until the end of the transaction. Two owners who remove each other are
   * serialised, and the second one is the last owner or no longer a member.
   */
  private async lock(tx: TenantTx, by: string, accountId: string) {
    const members = await tx.query<Member>(
      `select account_id as "accountId", role from memberships
       where tenant_id = $1 and (role = 'owner' or account_id in ($2, $3)) order by account_id for update`,
      [tx.tenantId, by, accountId],
    );
    const [actor, member] = [by, accountId].map((id) => members.find((it) => it.accountId === id));
    if (actor === undefined) throw new RoleNotYours();
    if (member === undefined) throw new NotFound('member');
    return { actor, member, owners: members.filter(({ role }) => role === 'owner').length };
  }

  private forget(accountId: string): void {
    this.sessions.forget(accountId);
    this.keys.forget();
  }
}

function conclude(verdict: 'may' | 'not_yours' | 'last_owner'): void {
  if (verdict === 'not_yours') throw new RoleNotYours();
  if (verdict === 'last_owner') throw new LastOwner();
}
