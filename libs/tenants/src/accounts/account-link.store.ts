import { Inject, Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import { type Clock, newUuid } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { newSecret, sha256 } from '../secret.js';
import { LINK_LIFETIME, LINK_LIMITS, LinkInvalid, type LinkPurpose, TooManyMails } from './account-link.js';

export interface NewLink {
  readonly id: string;
  /** Not stored: it is only in the email. */
  readonly token: string;
}

export interface OpenLink {
  readonly id: string;
  readonly accountId: string;
  readonly purpose: LinkPurpose;
  /** The address to which it was sent. */
  readonly address: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, account_id as "accountId", purpose, address, created_at as "createdAt"`;

/**
 * Stores links in emails: each proves that its bearer has access to the mailbox of an address. Only hashes of their
 * tokens are stored.
 */
@Injectable()
export class AccountLinks {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Creates a link. Lock the account first, so that concurrent requests are counted.
   * @throws TooManyMails
   */
  async make(tx: PlatformTx, accountId: string, purpose: LinkPurpose, address: string): Promise<NewLink> {
    const now = this.clock.now();
    for (const limit of LINK_LIMITS[purpose]) {
      const since = new Date(now.getTime() - limit.per);
      if ((await this.countSince(tx, accountId, purpose, since)) >= limit.links) throw new TooManyMails(limit);
    }
    const [id, token] = [newUuid(), newSecret()];
    const expiresAt = new Date(now.getTime() + LINK_LIFETIME[purpose]);
    await tx.query(
      `insert into account_links (id, account_id, purpose, token_hash, address, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, accountId, purpose, sha256(token), address, now, expiresAt],
    );
    return { id, token };
  }

  /** Finds an open link without using it. @throws LinkInvalid */
  async find(tx: PlatformTx, purposes: readonly LinkPurpose[], token: string): Promise<OpenLink> {
    const [link] = await tx.query<OpenLink>(
      `select ${COLUMNS} from account_links
       where token_hash = $1 and purpose = any($2) and ended_at is null and expires_at > $3`,
      [sha256(token), purposes, this.clock.now()],
    );
    if (link === undefined) throw new LinkInvalid();
    return link;
  }

  /**
   * Uses a link, and locks its account until the end of the transaction. Of concurrent calls one succeeds.
   * @throws LinkInvalid
   */
  async use(tx: PlatformTx, purpose: LinkPurpose, token: string): Promise<OpenLink> {
    const { accountId } = await this.find(tx, [purpose], token);
    await lockAccount(tx, accountId);
    const now = this.clock.now();
    const [used] = await tx.query<OpenLink>(
      `update account_links set ended_at = $3
       where token_hash = $1 and purpose = $2 and ended_at is null and expires_at > $3 returning ${COLUMNS}`,
      [sha256(token), purpose, now],
    );
    if (used === undefined) throw new LinkInvalid();
    return used;
  }

  /** Ends an account's open links of these purposes. @param madeSince only those made at this time or later */
  async end(tx: PlatformTx, accountId: string, purposes: readonly LinkPurpose[], madeSince = new Date(0)) {
    await tx.query(
      `update account_links set ended_at = $3
       where account_id = $1 and purpose = any($2) and ended_at is null and created_at >= $4`,
      [accountId, purposes, this.clock.now(), madeSince],
    );
  }

  /** True if another account can still restore this address. */
  async isReserved(tx: PlatformTx, address: string, forAccount: string | null): Promise<boolean> {
    const found = await tx.query(
      `select 1 from account_links where purpose = 'restore_address' and address = $1 and ended_at is null
         and expires_at > $2 and account_id is distinct from $3 limit 1`,
      [address, this.clock.now(), forAccount],
    );
    return found.length > 0;
  }

  /** The address of an open link. */
  async addressOf(tx: PlatformTx, id: string): Promise<string | undefined> {
    const [link] = await tx.query<{ address: string }>(
      'select address from account_links where id = $1 and ended_at is null and expires_at > $2',
      [id, this.clock.now()],
    );
    return link?.address;
  }
  private async countSince(tx: PlatformTx, accountId: string, purpose: LinkPurpose, since: Date): Promise<number> {
    const [found] = await tx.query<{ count: number }>(
      'select count(*)::int as count from account_links where account_id = $1 and purpose = $2 and created_at > $3',
      [accountId, purpose, since],
    );
    return found?.count ?? 0;
  }
}

/** Locks an account against concurrent changes of its password, address or links. */
export async function lockAccount(tx: PlatformTx, accountId: string): Promise<void> {
  await tx.query('select 1 from accounts where id = $1 for no key update', [accountId]);
}
