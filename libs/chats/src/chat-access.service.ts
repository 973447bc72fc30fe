import { Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { mayMove, NotFound } from '#libs/kernel';
import { type ChatRow } from './chat.entity.js';
import { ACCESS_MOVES, type AccessState, type AccessStep, nextStep } from './chat-access.js';
import { ChatAccessRow } from './chat-access.entity.js';
import { ChatAccessStore } from './chat-access.store.js';

export interface AccessFilter extends Cursor {
  readonly state?: AccessState | undefined;
  readonly buyerId?: number | undefined;
  readonly limit: number;
}

/** A buyer's access to a chat, and its next step. */
export interface OpenAccess {
  readonly access: ChatAccessRow;
  readonly step: AccessStep;
  /** False when the purchases were refunded rather than expired. */
  readonly lapsed: boolean;
}

/** A person's entry into a chat. */
export interface Entrance {
  readonly userId: number;
  readonly link: string | undefined;
  readonly viaRequest: boolean;
}

/** Updates accesses as people join their chats, request to join, leave and are removed. All methods are idempotent. */
@Injectable()
export class ChatAccessService {
  constructor(private readonly store: ChatAccessStore) {}

  /** Newest first. */
  list(tx: TenantTx, chatId: string, { state, buyerId, limit, ...cursor }: AccessFilter): Promise<ChatAccessRow[]> {
    const { where, order } = seekOptions(cursor);
    const wanted = { ...(state === undefined ? {} : { state }), ...(buyerId === undefined ? {} : { buyerId }) };
    return tx.manager.find(ChatAccessRow, {
      where: { tenantId: tx.tenantId, chatId, ...wanted, ...where },
      order,
      take: limit,
    });
  }

  /**
   * Returns a buyer's access to the chat, whether they are entitled to it now, and until when; null for no end.
   * @throws NotFound
   */
  async entitled(
    tx: TenantTx,
    chatId: string,
    buyerId: number,
    now: Date,
  ): Promise<{ readonly access: ChatAccessRow; readonly live: boolean; readonly paidUntil: Date | null }> {
    const access = await this.of(tx, chatId, buyerId);
    const { live, last } = await this.store.right(tx, access, now);
    return { access, live, paidUntil: last?.paidUntil ?? null };
  }

  /** Returns the last product that gave the buyer access to the chat; undefined if they never bought any. */
  async lastBought(tx: TenantTx, chatId: string, buyerId: number): Promise<string | undefined> {
    const [row] = await tx.query<{ productId: string }>(
      `select e.product_id as "productId" from entitlements e
       join products p on p.tenant_id = e.tenant_id and p.id = e.product_id and p.chat_id = $2
       where e.tenant_id = $1 and e.buyer_id = $3 order by e.starts_at desc, e.id desc limit 1`,
      [tx.tenantId, chatId, buyerId],
    );
    return row?.productId;
  }

  /** Returns a buyer's access to the chat, without a lock. @throws NotFound */
  async of(tx: TenantTx, chatId: string, buyerId: number): Promise<ChatAccessRow> {
    const access = await tx.manager.findOneBy(ChatAccessRow, { tenantId: tx.tenantId, chatId, buyerId });
    if (access === null) throw new NotFound('chat access');
    return access;
  }

  /** Locks an access and returns it with its next step; undefined if there is no such access. */
  async look(tx: TenantTx, id: string, now: Date): Promise<OpenAccess | undefined> {
    const access = await this.store.lock(tx, id);
    if (access === undefined) return undefined;
    const right = await this.store.right(tx, access, now);
    return { access, step: nextStep({ ...access, right }, now), lapsed: right.lapsed };
  }

  /**
   * Records that a person has entered the chat. Ignores people without access unless they used a buyer's personal
   * link. People who have paid may stay however they came in; a buyer whose link was used by someone else gets another
   * on request.
   */
  async entered(
    tx: TenantTx,
    { id: chatId }: ChatRow,
    { userId, link, viaRequest }: Entrance,
    now: Date,
  ): Promise<void> {
    const access = await this.lockBy(tx, { chatId, buyerId: userId });
    if (access?.state === 'invited') await this.enter(tx, access, now);
    // A person admitted on request was admitted by an administrator, or by us.
    if (link === undefined || viaRequest) return;
    const others = await this.lockBy(tx, { chatId, link });
    if (others === undefined || others.buyerId === userId) return;
    const { live } = await this.store.right(tx, { chatId, buyerId: userId }, now);
    await this.store.mark(tx, others, { link: null, linkExpiresAt: null, ...(live ? {} : { intruderId: userId }) });
  }

  /** Records that a person has left the chat. They may come back as long as their payment lasts. */
  async left(tx: TenantTx, { id: chatId }: ChatRow, userId: number, now: Date): Promise<void> {
    const access = await this.lockBy(tx, { chatId, buyerId: userId });
    if (access?.state !== 'member') return;
    await this.store.change(tx, access, { state: 'invited', joinedAt: null }, 'chat_access.left', now);
  }

  /** Records a request to join; a job admits the person. @returns true when they are entitled */
  async requested(tx: TenantTx, { id: chatId }: ChatRow, userId: number, now: Date): Promise<boolean> {
    const access = await this.lockBy(tx, { chatId, buyerId: userId });
    if (access === undefined || !(await this.store.right(tx, access, now)).live) return false;
    await this.store.mark(tx, access, { requestedAt: now });
    return true;
  }

  /** Records that a step failed. The creator is told each reason once, until the access changes. */
  async hindered(tx: TenantTx, id: string, failure: string, now: Date): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access !== undefined && access.failure !== failure) await this.store.hinder(tx, access, failure, now);
  }

  /**
   * Records that the person was admitted or, with `letIn` false, that their request no longer exists and they need a
   * link to request again.
   */
  async answered(tx: TenantTx, id: string, letIn: boolean, now: Date): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access === undefined || access.requestedAt === null) return;
    if (letIn && access.state === 'invited') await this.enter(tx, { ...access, requestedAt: null }, now);
    else await this.store.mark(tx, access, { requestedAt: null, linkLost: access.state === 'invited' && !letIn });
  }

  /**
   * Stores a link that was made for the buyer.
   * @returns the valid one, which may be another that was made at the same time; undefined when the access has ended in
   * the meantime
   */
  async keepLink(
    tx: TenantTx,
    id: string,
    made: { readonly link: string; readonly expiresAt: Date | null; readonly former: string | null },
    now: Date,
  ): Promise<string | undefined> {
    const { link, expiresAt, former } = made;
    const access = await this.store.lock(tx, id);
    if (access === undefined || !(await this.store.right(tx, access, now)).live) return undefined;
    if (access.link !== null && access.link !== former) return access.link;
    await tx.manager.update(ChatAccessRow, { tenantId: tx.tenantId, id }, { link, linkExpiresAt: expiresAt });
    return link;
  }

  /** Records that the link no longer works. */
  async revoked(tx: TenantTx, id: string, link: string): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access?.link === link) await this.store.mark(tx, access, { link: null, linkExpiresAt: null });
  }

  /** Records that the buyer was sent another link. */
  async reinvited(tx: TenantTx, id: string): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access?.linkLost === true) await this.store.mark(tx, access, { linkLost: false });
  }

  /**
   * True when a person who used a stranger's link is entitled themselves, for example because they have paid in the
   * meantime.
   */
  async mayStay(tx: TenantTx, chatId: string, userId: number, now: Date): Promise<boolean> {
    return (await this.store.right(tx, { chatId, buyerId: userId }, now)).live;
  }

  /** Records that the buyer was reminded of the end of the paid time. */
  async reminded(tx: TenantTx, id: string, paidUntil: Date): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access !== undefined) await this.store.mark(tx, access, { remindedUntil: paidUntil });
  }

  async expelled(tx: TenantTx, id: string, intruderId: number): Promise<void> {
    const access = await this.store.lock(tx, id);
    if (access?.intruderId === intruderId) await this.store.mark(tx, access, { intruderId: null });
  }

  /**
   * Marks a buyer for removal. If they pay from now on, they are readmitted afterwards.
   * @returns true when they have to be removed
   */
  async beginEnd(tx: TenantTx, id: string, now: Date): Promise<boolean> {
    const access = await this.store.lock(tx, id);
    if (access === undefined || access.state === 'ended') return false;
    if ((await this.store.right(tx, access, now)).live) return false;
    if (access.state !== 'ending') {
      await tx.manager.update(ChatAccessRow, { tenantId: tx.tenantId, id }, { state: 'ending', updatedAt: now });
    }
    return true;
  }

  /** Records that the buyer was removed. @returns `again` when they have paid in the meantime and need a new link */
  async out(tx: TenantTx, id: string, now: Date): Promise<'ended' | 'again'> {
    const access = await this.store.lock(tx, id);
    if (access === undefined || access.state === 'ended') return 'ended';
    const right = await this.store.right(tx, access, now);
    const nowhere = { requestedAt: null, link: null, linkExpiresAt: null, linkLost: false, joinedAt: null } as const;
    if (right.live) {
      await this.store.mark(tx, access, { ...nowhere, state: 'invited' });
      return 'again';
    }
    const ended = { ...nowhere, state: 'ended', endedAt: now, accessUntil: right.until } as const;
    if (mayMove(ACCESS_MOVES, access.state, 'ended'))
      await this.store.change(tx, access, ended, 'chat_access.ended', now);
    return 'ended';
  }

  /** Returns the language of the buyer's app, as Telegram last reported it; null if unknown. */
  async languageOf(tx: TenantTx, { botId, buyerId }: ChatAccessRow): Promise<string | null> {
    const [row] = await tx.query<{ languageCode: string | null }>(
      'select language_code as "languageCode" from buyers where tenant_id = $1 and bot_id = $2 and telegram_id = $3',
      [tx.tenantId, botId, buyerId],
    );
    return row?.languageCode ?? null;
  }

  private async enter(tx: TenantTx, access: ChatAccessRow, now: Date): Promise<void> {
    const changes = { state: 'member', joinedAt: now, requestedAt: null, linkLost: false } as const;
    await this.store.change(tx, access, changes, 'chat_access.joined', now);
  }

  private async lockBy(
    tx: TenantTx,
    where: { readonly chatId: string } & ({ readonly buyerId: number } | { readonly link: string }),
  ): Promise<ChatAccessRow | undefined> {
    const row = await tx.manager.findOne(ChatAccessRow, {
      where: { tenantId: tx.tenantId, ...where },
      lock: { mode: 'pessimistic_write' },
    });
    return row ?? undefined;
  }
}
