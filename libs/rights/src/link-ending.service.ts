import { Injectable } from '@nestjs/common';
import { ChatAccessService, ChatClosed, ChatDoor, ChatService, PaidLinkService } from '#libs/chats';
import { Database, type TenantTx } from '#libs/database';
import { judge } from '#libs/telegram';
import { BotDirectory, BotService, TelegramSaidNo } from '#libs/tenants';
import type { RemovalRow } from './removal.js';
import { RemovalStore } from './removal.store.js';

/** Links of each kind that one call revokes. */
const MOST = 50;

interface Link {
  readonly id: string;
  readonly chatId: string;
  readonly link: string;
}

const notFailedBefore = (kind: string, id: string) =>
  `not exists (select from bot_removal_failures f where f.tenant_id = $1 and f.removal_id = $3 and f.kind = '${kind}' and f.subject = ${id}::text)`;

const INVITES = `
select a.id, a.chat_id as "chatId", a.link from chat_accesses a
where a.tenant_id = $1 and a.bot_id = $2 and a.link is not null and (a.link_expires_at is null or a.link_expires_at > now())
  and ${notFailedBefore('invite_link', 'a.id')} order by a.id limit ${MOST}`;

const PAID = `
select l.id, l.chat_id as "chatId", l.link from chat_paid_links l
join chats c on c.tenant_id = l.tenant_id and c.id = l.chat_id
where l.tenant_id = $1 and c.bot_id = $2 and l.revoked_at is null and ${notFailedBefore('paid_link', 'l.id')} order by l.id limit ${MOST}`;

/** Revokes the links of a bot that is being removed. */
@Injectable()
export class LinkEnding {
  constructor(
    private readonly db: Database,
    private readonly store: RemovalStore,
    private readonly chats: ChatService,
    private readonly accesses: ChatAccessService,
    private readonly door: ChatDoor,
    private readonly paidLinks: PaidLinkService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
  ) {}

  /**
   * Revokes some links. Telegram's refusals are recorded with the removal, and retried only on request.
   * @throws Telegram's error when the call should be retried later; everything is repeatable
   */
  async revokeSome(tenantId: string, removal: RemovalRow): Promise<void> {
    const bot = await this.directory.open(tenantId, removal.botId);
    if (bot === undefined || bot.state === 'token_invalid') return;
    const read = (sql: string) => (tx: TenantTx) => tx.query<Link>(sql, [tenantId, removal.botId, removal.id]);
    for (const { id, chatId, link } of await this.db.inTenant(tenantId, read(INVITES))) {
      const chat = await this.db.inTenant(tenantId, (tx) => this.chats.get(tx, chatId));
      try {
        await this.door.revoke(bot, chat, link);
        await this.db.inTenant(tenantId, (tx) => this.accesses.revoked(tx, id, link));
      } catch (error) {
        if (error instanceof ChatClosed) await this.failed(tenantId, removal, 'invite_link', id, error);
        else if (judge(error).kind !== 'token_invalid') throw error;
        else return this.db.inTenant(tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
      }
    }
    for (const { id, chatId } of await this.db.inTenant(tenantId, read(PAID))) {
      try {
        await this.paidLinks.revoke(tenantId, chatId, id);
      } catch (error) {
        if (!(error instanceof TelegramSaidNo)) throw error;
        await this.failed(tenantId, removal, 'paid_link', id, error);
      }
    }
  }

  private failed(tenantId: string, { id }: RemovalRow, kind: 'invite_link' | 'paid_link', link: string, error: Error) {
    return this.db.inTenant(tenantId, (tx) => this.store.fail(tx, id, kind, link, error.message));
  }
}
