import { Inject, Injectable, Logger } from '@nestjs/common';
import { afterCommit, Database } from '#libs/database';
import { type Clock, MINUTE, SECOND } from '#libs/kernel';
import { CLOCK, CONFIG, type Config, redact, ShortMemory } from '#libs/runtime';
import { isApiKey } from './api-key.js';
import { ROLE_SCOPES, type Role, type Scope } from '../accounts/scope.js';
import { sha256 } from '../secret.js';

/** The rights and the workspace of a request with an API key. */
export interface KeyBearer {
  readonly tenantId: string;
  readonly keyId: string;
  /** The account that created the key, with its current role. */
  readonly accountId: string;
  readonly role: Role;
  /** The key's scopes that its creator still has. */
  readonly scopes: readonly Scope[];
}

interface Found {
  readonly tenantId: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Null when its creator is no longer a member. */
  readonly role: Role | null;
  lastUsedAt: Date | null;
}

const LIFETIME = 5 * SECOND;
const MOST = 10_000;
const NOTE_USE_EVERY = MINUTE;

const FIND = `
select k.tenant_id as "tenantId", k.id as "keyId", k.created_by as "accountId", k.scopes, m.role,
       k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt"
from api_keys k left join memberships m on m.tenant_id = k.tenant_id and m.account_id = k.created_by
where k.hash = $1`;

const NOTE_USE = `
update api_keys set last_used_at = $3
where tenant_id = $1 and id = $2 and (last_used_at is null or last_used_at <= $4)`;

/**
 * Finds the owner of an API key. Cached for five seconds, so changes by other processes take effect within that time.
 */
@Injectable()
export class ApiKeyDirectory {
  private readonly log = new Logger('ApiKeys');
  private readonly known = new ShortMemory<Found>(LIFETIME, MOST, () => this.clock.now());
  private readonly livemode: boolean;

  constructor(
    private readonly db: Database,
    @Inject(CONFIG) config: Pick<Config, 'livemode'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.livemode = config.livemode;
  }

  /**
   * Returns the bearer of a key; undefined when it is forged, revoked, expired, of the other mode, or its creator has
   * left the workspace. Records its use at most once a minute, without delaying the request.
   */
  async bearer(key: string): Promise<KeyBearer | undefined> {
    // Most invalid keys are rejected here, without the database.
    if (!isApiKey(key, this.livemode)) return undefined;
    const now = this.clock.now();
    const hash = sha256(key);
    const place = hash.toString('base64');
    const found = await this.known.get(place, () => this.find(hash));
    if (found === undefined || found.role === null || found.revokedAt !== null) return undefined;
    if (found.expiresAt !== null && found.expiresAt <= now) return undefined;
    this.noteUse(found, now);
    const { tenantId, keyId, accountId, role } = found;
    return { tenantId, keyId, accountId, role, scopes: found.scopes.filter((it) => ROLE_SCOPES[role].includes(it)) };
  }

  /** Drops all cached keys. Call it after a key or a member has changed; other processes follow within five seconds. */
  forget(): void {
    // Changes are rare and reading keys again is cheap.
    afterCommit(() => this.known.forget(() => true));
  }

  private async find(hash: Buffer): Promise<Found | undefined> {
    const rows = await this.db.inPlatform('find the owner of an API key', (tx) => tx.query<Found>(FIND, [hash]));
    return rows[0];
  }

  private noteUse(found: Found, now: Date): void {
    const before = new Date(now.getTime() - NOTE_USE_EVERY);
    if (found.lastUsedAt !== null && found.lastUsedAt > before) return;
    found.lastUsedAt = now;
    const { tenantId, keyId } = found;
    this.db
      .inTenant(tenantId, (tx) => tx.query(NOTE_USE, [tenantId, keyId, now, before]))
      .catch((error: unknown) => this.log.warn(`The use of a key could not be recorded: ${redact(String(error))}`));
  }
}
