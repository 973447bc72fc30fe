import { Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import type { AuditContext } from '#libs/journal';
import type { PresentedToken } from './account.js';
import { RefreshTokenRow, SessionRow } from './session.entity.js';

export interface FoundToken extends PresentedToken {
  readonly sessionId: string;
  readonly accountId: string;
  readonly tenantId: string;
}

const PROGRAM = (userAgent: string) => `regexp_replace(${userAgent}, '[0-9.]+', '', 'g')`;

/** Sessions and their refresh tokens; both belong to the platform. */
@Injectable()
export class SessionStore {
  async open(
    tx: PlatformTx,
    session: Pick<SessionRow, 'id' | 'accountId' | 'ownerTenant' | 'createdAt' | 'expiresAt' | 'network' | 'userAgent'>,
  ) {
    await tx.manager.insert(SessionRow, session);
  }

  /**
   * True if the account has had sessions, and none in this network with this program. Versions of programs are ignored:
   * an update does not make a device new.
   */
  async isNewDevice(tx: PlatformTx, accountId: string, { network, userAgent }: AuditContext): Promise<boolean> {
    const [found] = await tx.query<{ isNew: boolean }>(
      `select count(*) > 0 and not coalesce(bool_or(s.network is not distinct from $2
         and ${PROGRAM('s.user_agent')} is not distinct from ${PROGRAM('$3::text')}), false) as "isNew"
       from sessions s where s.account_id = $1`,
      [accountId, network, userAgent],
    );
    return found?.isNew === true;
  }

  async issue(tx: PlatformTx, sessionId: string, hash: Buffer, issuedAt: Date): Promise<void> {
    await tx.manager.insert(RefreshTokenRow, { sessionId, hash, issuedAt });
  }

  /** Locks the token and its session: concurrent requests with the same token wait and then see the decision. */
  async present(tx: PlatformTx, hash: Buffer): Promise<FoundToken | undefined> {
    const rows = await tx.query<FoundToken>(
      `select r.used_at as "usedAt", s.expires_at as "sessionExpiresAt", s.revoked_at as "sessionRevokedAt",
              s.id as "sessionId", s.account_id as "accountId", s.owner_tenant as "tenantId"
       from refresh_tokens r join sessions s on s.id = r.session_id
       where r.hash = $1 for update of r, s`,
      [hash],
    );
    return rows[0];
  }

  async markUsed(tx: PlatformTx, hash: Buffer, usedAt: Date): Promise<void> {
    await tx.manager.update(RefreshTokenRow, { hash }, { usedAt });
  }

  /** Ends a session; one that has already ended keeps its first reason. */
  async revoke(tx: PlatformTx, sessionId: string, at: Date, because: string): Promise<void> {
    await tx.query('update sessions set revoked_at = $2, revoked_because = $3 where id = $1 and revoked_at is null', [
      sessionId,
      at,
      because,
    ]);
  }

  /** Ends every session of an account except one. @returns their number */
  revokeOthers(tx: PlatformTx, accountId: string, but: string, at: Date, because: string): Promise<number> {
    return this.revokeAllBut(tx, accountId, but, at, because);
  }

  /** Ends every session of an account. @returns their number */
  revokeAll(tx: PlatformTx, accountId: string, at: Date, because: string): Promise<number> {
    return this.revokeAllBut(tx, accountId, null, at, because);
  }

  private async revokeAllBut(tx: PlatformTx, accountId: string, but: string | null, at: Date, because: string) {
    const ended = await tx.query(
      `update sessions set revoked_at = $3, revoked_because = $4
       where account_id = $1 and id is distinct from $2::uuid and revoked_at is null and expires_at > $3 returning 1`,
      [accountId, but, at, because],
    );
    return ended.length;
  }
}
