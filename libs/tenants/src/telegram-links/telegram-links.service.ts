import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, columnsOf, type TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { type Clock, DAY, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { BotEnvironment } from '../bots/bot.js';
import { menuJobs } from '../bots/menu-jobs.js';
import { BotNotInState } from '../bots/bot-refusals.js';
import { BotStore } from '../bots/bot.store.js';
import type { Role } from '../accounts/scope.js';
import { RoleNotYours } from '../members/member.js';
import { newSecret, sha256 } from '../secret.js';
import { CODE_LIFETIME, CODES_AT_MOST, mayEnd, startParameter, TooManyCodes } from './telegram-link.js';
import { TelegramLinkRow } from './telegram-link.entity.js';

/** A link as the API shows it. */
export interface TelegramLink extends Omit<TelegramLinkRow, 'tenantId' | 'codeHash'> {
  /** The username of the bot in whose chat the code is used. */
  readonly username: string;
  readonly role: Role;
}

/** A member of the workspace whose Telegram account is linked. */
export interface LinkedMember {
  readonly accountId: string;
  readonly role: Role;
}

/** The chat of a person who is, or recently was, linked, with one bot. */
export interface MemberChat {
  readonly telegramId: number;
  /** Undefined for a person who is no longer a member. */
  readonly role: Role | undefined;
}

/** A bot's menu job looks for links that ended within this time, which is longer than its retries last. */
const ENDED_LATELY = 7 * DAY;

/** The chat and the person who sent a code. */
export interface CodeSender {
  readonly botId: string;
  readonly environment: BotEnvironment;
  readonly telegramId: number;
  readonly name: string;
}

const SHOWN = `select ${columnsOf(TelegramLinkRow, 'l')}, b.username, m.role
from telegram_links l join bots b on b.tenant_id = l.tenant_id and b.id = l.bot_id
join memberships m on m.tenant_id = l.tenant_id and m.account_id = l.account_id`;

/**
 * Links members to their Telegram accounts: a member gets a code, sends it to a bot of the workspace, and then has
 * their role in its chats.
 */
@Injectable()
export class TelegramLinks {
  constructor(
    private readonly bots: BotStore,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Creates a code for a member, which replaces their earlier codes. It is returned once; only its hash is stored.
   * @returns the link, and its address in Telegram
   * @throws NotFound, BotNotInState when the bot cannot answer, TooManyCodes
   */
  async create(
    tx: TenantTx,
    accountId: string,
    botId: string,
  ): Promise<{ readonly link: TelegramLink; readonly url: string }> {
    const { tenantId } = tx;
    const bot = await this.bots.get(tx, botId);
    if (bot.state !== 'active' && bot.state !== 'paused') throw new BotNotInState(bot.state);
    const now = this.clock.now();
    await this.countCode(tx, accountId, now);
    const [id, secret] = [newUuid(now.getTime()), newSecret()];
    await tx.manager.insert(TelegramLinkRow, {
      tenantId,
      id,
      accountId,
      botId,
      environment: bot.environment,
      codeHash: sha256(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + CODE_LIFETIME),
    });
    return { link: await this.get(tx, id), url: `https://t.me/${bot.username}?start=${startParameter(secret)}` };
  }

  /** Links, and codes that still work; newest first. @param accountId only of this member. @returns one more than `limit` when there are more */
  list(tx: TenantTx, accountId: string | undefined, limit: number, { after, before }: Cursor): Promise<TelegramLink[]> {
    return tx.query<TelegramLink>(
      `${SHOWN} where l.tenant_id = $1 and l.ended_at is null and (l.linked_at is not null or l.expires_at > $2)
         and ($3::uuid is null or l.account_id = $3) and ($4::uuid is null or l.id < $4) and ($5::uuid is null or l.id > $5)
       order by l.id ${before === undefined ? 'desc' : 'asc'} limit $6`,
      [tx.tenantId, this.clock.now(), accountId ?? null, after ?? null, before ?? null, limit + 1],
    );
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<TelegramLink> {
    const [link] = await tx.query<TelegramLink>(`${SHOWN} where l.tenant_id = $1 and l.id = $2`, [tx.tenantId, id]);
    if (link === undefined) throw new NotFound('telegram link');
    return link;
  }

  /** Ends a link, or a code. Idempotent. @throws NotFound, RoleNotYours */
  async end(tx: TenantTx, by: LinkedMember, id: string): Promise<void> {
    const link = await this.get(tx, id);
    if (!mayEnd(by, link)) throw new RoleNotYours();
    await tx.query(
      'update telegram_links set ended_at = coalesce(ended_at, $3) where tenant_id = $1 and id = $2 returning 1',
      [tx.tenantId, id, this.clock.now()],
    );
    if (link.linkedAt !== null) await this.jobs.enqueue(tx, menuJobs([link]));
  }

  /**
   * Uses a code: from now on the sender acts as its member, in every bot of the workspace in this environment. Earlier
   * links of this member and of this person end. Of concurrent uses one succeeds.
   * @param secret of the code
   * @returns the link; undefined for a code that is unknown, used, replaced, expired, or for another bot
   */
  async connect(tx: TenantTx, sender: CodeSender, secret: string): Promise<TelegramLink | undefined> {
    const now = this.clock.now();
    const [open] = await tx.query<{ id: string; accountId: string }>(
      `select l.id, l.account_id as "accountId" from telegram_links l
       join memberships m on m.tenant_id = l.tenant_id and m.account_id = l.account_id
       where l.tenant_id = $1 and l.code_hash = $2 and l.bot_id = $3 and l.linked_at is null and l.ended_at is null
         and l.expires_at > $4 for update of l`,
      [tx.tenantId, sha256(secret), sender.botId, now],
    );
    if (open === undefined) return undefined;
    const before = await tx.query<{ botId: string }>(
      `update telegram_links set ended_at = $5
       where tenant_id = $1 and environment = $2 and (account_id = $3 or telegram_id = $4) and linked_at is not null and ended_at is null
       returning bot_id as "botId"`,
      [tx.tenantId, sender.environment, open.accountId, sender.telegramId, now],
    );
    await tx.manager.update(
      TelegramLinkRow,
      { tenantId: tx.tenantId, id: open.id },
      { telegramId: sender.telegramId, name: sender.name, linkedAt: now },
    );
    await this.jobs.enqueue(tx, menuJobs([sender, ...before]));
    return this.get(tx, open.id);
  }

  /** The chats with this bot that have, or recently had, a menu for members: those in which a link was created. */
  async chatsOf(tx: TenantTx, botId: string): Promise<MemberChat[]> {
    const rows = await tx.query<{ telegramId: number; role: Role | null }>(
      `select distinct on (l.telegram_id) l.telegram_id as "telegramId", case when l.ended_at is null then m.role end as role
       from telegram_links l left join memberships m on m.tenant_id = l.tenant_id and m.account_id = l.account_id
       where l.tenant_id = $1 and l.bot_id = $2 and l.linked_at is not null and (l.ended_at is null or l.ended_at > $3)
       order by l.telegram_id, l.ended_at is null desc, l.id desc`,
      [tx.tenantId, botId, new Date(this.clock.now().getTime() - ENDED_LATELY)],
    );
    return rows.map(({ telegramId, role }) => ({ telegramId, role: role ?? undefined }));
  }

  /**
   * Returns the member to whom a person in a bot's chat is linked, with their current role; undefined for anyone else.
   */
  async memberIn(tx: TenantTx, botId: string, telegramId: number): Promise<LinkedMember | undefined> {
    const [member] = await tx.query<LinkedMember>(
      `select m.account_id as "accountId", m.role from bots b
       join telegram_links l on l.tenant_id = b.tenant_id and l.environment = b.environment and l.telegram_id = $3
         and l.linked_at is not null and l.ended_at is null
       join memberships m on m.tenant_id = l.tenant_id and m.account_id = l.account_id
       where b.tenant_id = $1 and b.id = $2`,
      [tx.tenantId, botId, telegramId],
    );
    return member;
  }

  /** Counts a member's codes, one request at a time, and ends the earlier ones. @throws TooManyCodes */
  private async countCode(tx: TenantTx, accountId: string, now: Date): Promise<void> {
    const theirs = [tx.tenantId, accountId];
    await tx.query('select 1 from memberships where tenant_id = $1 and account_id = $2 for no key update', theirs);
    const since = new Date(now.getTime() - CODE_LIFETIME);
    // Codes that were never used serve no purpose once they no longer count towards the maximum.
    await tx.query(
      'delete from telegram_links where tenant_id = $1 and account_id = $2 and linked_at is null and created_at <= $3',
      [...theirs, since],
    );
    const [made] = await tx.query<{ count: number }>(
      'select count(*)::int as count from telegram_links where tenant_id = $1 and account_id = $2 and created_at > $3',
      [...theirs, since],
    );
    if ((made?.count ?? 0) >= CODES_AT_MOST) throw new TooManyCodes();
    await tx.query(
      `update telegram_links set ended_at = $3
       where tenant_id = $1 and account_id = $2 and linked_at is null and ended_at is null`,
      [...theirs, now],
    );
  }
}
