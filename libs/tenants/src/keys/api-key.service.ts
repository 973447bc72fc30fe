import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { ApiKeyRow } from './api-key.entity.js';
import { KeyExpiryInvalid, MAX_KEY_LIFETIME, newApiKey, ScopeNotYours } from './api-key.js';
import { ApiKeyDirectory } from './api-key-directory.service.js';
import { MembershipRow } from '../accounts/account.entity.js';
import { KEY_SCOPES, ROLE_SCOPES, type Scope } from '../accounts/scope.js';
import { sha256 } from '../secret.js';

export interface NewApiKey {
  /** 1 to 100 characters. */
  readonly name: string;
  /** At least one. */
  readonly scopes: readonly Scope[];
  /** Undefined if it does not expire. */
  readonly expiresAt?: Date | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Manages the API keys of a workspace. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly quotas: Quotas,
    @Inject(CONFIG) private readonly config: Pick<Config, 'livemode'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param by the account that creates it
   * @returns the row, and the key itself, which is not stored and cannot be shown again
   * @throws ScopeNotYours when its role lacks one of the scopes, or keys cannot have it
   * @throws KeyExpiryInvalid, QuotaExhausted
   */
  async create(tx: TenantTx, by: string, wish: NewApiKey): Promise<{ readonly row: ApiKeyRow; readonly key: string }> {
    const now = this.clock.now();
    const scopes = [...new Set(wish.scopes)];
    await this.requireScopes(tx, by, scopes);
    const expiresAt = wish.expiresAt ?? null;
    const life = expiresAt === null ? 1 : expiresAt.getTime() - now.getTime();
    if (life <= 0 || life > MAX_KEY_LIFETIME) throw new KeyExpiryInvalid();
    await this.quotas.require(tx, 'api_keys');

    const livemode = this.config.livemode;
    const key = newApiKey(livemode);
    const kept = { tenantId: tx.tenantId, id: newUuid(), name: wish.name, hash: sha256(key), last4: key.slice(-4) };
    const row = {
      ...kept,
      livemode,
      scopes,
      createdBy: by,
      metadata: { ...wish.metadata },
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    await tx.manager.insert(ApiKeyRow, { ...row, scopes: [...scopes] });
    return { row, key };
  }

  /** Newest first, including those that no longer work. @returns one more than `limit` when there are more */
  list(tx: TenantTx, limit: number, cursor: Cursor = {}): Promise<ApiKeyRow[]> {
    const { where, order } = seekOptions(cursor);
    return tx.manager.find(ApiKeyRow, { where: { tenantId: tx.tenantId, ...where }, order, take: limit + 1 });
  }

  /** Replaces a key's metadata, even if it no longer works. @throws NotFound */
  async setMetadata(tx: TenantTx, id: string, metadata: Readonly<Record<string, string>>): Promise<ApiKeyRow> {
    await tx.manager.update(ApiKeyRow, { tenantId: tx.tenantId, id }, { metadata: { ...metadata } });
    const row = await tx.manager.findOneBy(ApiKeyRow, { tenantId: tx.tenantId, id });
    if (row === null) throw new NotFound('API key');
    return row;
  }

  /**
   * Revokes a key: in this process at once, in others within five seconds. Idempotent: the first time is kept. @throws
   * NotFound
   */
  async revoke(tx: TenantTx, id: string): Promise<void> {
    const found = await tx.query(
      'update api_keys set revoked_at = coalesce(revoked_at, $3) where tenant_id = $1 and id = $2 returning 1',
      [tx.tenantId, id, this.clock.now()],
    );
    if (found.length === 0) throw new NotFound('API key');
    this.directory.forget();
  }

  private async requireScopes(tx: TenantTx, by: string, scopes: readonly Scope[]): Promise<void> {
    const member = await tx.manager.findOneBy(MembershipRow, { tenantId: tx.tenantId, accountId: by });
    const own = member === null ? [] : ROLE_SCOPES[member.role];
    const foreign = scopes.filter((scope) => !own.includes(scope) || !KEY_SCOPES.includes(scope));
    if (foreign.length > 0) throw new ScopeNotYours(foreign);
  }
}
