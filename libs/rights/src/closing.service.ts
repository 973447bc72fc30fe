import { Inject, Injectable } from '@nestjs/common';
import { FileService } from '#libs/catalog';
import { Database, type PlatformTx, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { type Clock, DAY, MINUTE } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { closureView } from './closure.js';
import { ClosureService } from './closure.service.js';
import { pseudonymFrom } from './erasure.js';
import { ErasureStore } from './erasure.store.js';
import { RemovalService } from './removal.service.js';

/** Buyers erased in one transaction. */
const BUYERS = 200;
/** Telegram tells nothing of a payment that is given up: an approval counts for so long. */
const APPROVAL_MS = 10 * MINUTE;
/** Failures of the end of a bot hold its workspace open for so long after its time has come: they may be mended until then. */
const MENDABLE_MS = 7 * DAY;

// Money and goods that are on their way arrive first. What was given up holds nothing up.
const BUSY = `
select exists (select from jobs where tenant_id = $1 and state = 'waiting'
    and kind in ('refund.execute', 'order.deliver', 'order.fulfil', 'fulfilment.deadline', 'support.send',
      'subscription.edit', 'subscription.stop', 'bot.remove'))
  or exists (select from inbox where tenant_id = $1 and state = 'waiting')
  or exists (select from events where tenant_id = $1 and relayed_at is null)
  or exists (select from orders where tenant_id = $1 and state = 'approved' and approved_at > $2) as busy`;

const PERSONS = `
select telegram_id as "telegramId" from (
  select telegram_id from buyers where tenant_id = $1 and telegram_id > 0
  union select buyer_id from charges where tenant_id = $1 and buyer_id > 0
  union select buyer_id from credit_accounts where tenant_id = $1 and buyer_id > 0
  union select buyer_id from stray_payments where tenant_id = $1 and buyer_id > 0
  union select buyer_id from star_transactions where tenant_id = $1 and buyer_id > 0
) persons limit ${BUYERS}`;

/** What opens something, and what nobody needs any more. The books are not among it. */
const WIPES: readonly string[] = [
  'update api_keys set revoked_at = now() where tenant_id = $1 and revoked_at is null',
  'update invitations set revoked_at = now() where tenant_id = $1 and accepted_at is null and revoked_at is null',
  'delete from memberships where tenant_id = $1',
  'delete from alert_chats where tenant_id = $1',
  'delete from endpoints where tenant_id = $1',
  'delete from fulfilment_secrets where tenant_id = $1',
  'delete from credit_requests where tenant_id = $1',
  'delete from idempotency_keys where tenant_id = $1',
  'delete from jobs where tenant_id = $1',
  'update erasures set telegram_id_sealed = null where tenant_id = $1',
  'update bots set support_text = null, terms_text = null, terms_version = null where tenant_id = $1',
];

/** The same for what only the platform may touch. Events of orders stay with the orders, without the persons. */
const LAST_WIPES: readonly string[] = [
  `update sessions set revoked_at = now(), revoked_because = 'workspace_closed' where owner_tenant = $1 and revoked_at is null`,
  'delete from inbox where tenant_id = $1',
  `delete from events where tenant_id = $1 and order_id is null and type <> 'charge.unmatched'`,
  `update events e set data = e.data || jsonb_build_object('buyer_telegram_id', c.buyer_id, 'provider_payment_charge_id', null)
   from charges c
   where e.tenant_id = $1 and c.tenant_id = $1 and e.type = 'charge.unmatched'
     and c.telegram_charge_id = e.data ->> 'telegram_payment_charge_id'`,
  `update tenants set state = 'closed' where id = $1`,
];

/** The end of a workspace: bots, tokens, keys, sessions, secrets, files and persons go; the books stay without the persons. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly db: Database,
    private readonly closures: ClosureService,
    private readonly store: ErasureStore,
    private readonly removals: RemovalService,
    private readonly files: FileService,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Closes a workspace whose time has come. Every step may be repeated: where one breaks off the next call goes on. Its bots are removed
   * first, like any other bot, so that nobody goes on being charged.
   * @returns false while something is on its way that should arrive, and when another process was quicker
   */
  async close(tenantId: string): Promise<boolean> {
    if (!(await this.removeBots(tenantId))) return false;
    if (!(await this.db.inTenant(tenantId, (tx) => this.isQuiet(tx)))) return false;
    await this.files.forgetAll(tenantId);
    for (let erased = BUYERS; erased === BUYERS; ) {
      erased = await this.db.inTenant(tenantId, (tx) => this.eraseSome(tx));
    }
    await this.db.inTenant(tenantId, async (tx) => {
      for (const wipe of WIPES) await tx.query(wipe, [tenantId]);
    });
    return this.db.inPlatform('the end of a workspace', (tx) => this.end(tx, tenantId));
  }

  private async removeBots(tenantId: string): Promise<boolean> {
    const dueAt = await this.db.inTenant(tenantId, (tx) => this.closures.dueSince(tx));
    if (dueAt === undefined) return false;
    const acknowledged = this.clock.now().getTime() - dueAt.getTime() > MENDABLE_MS;
    return this.removals.removeAll(tenantId, { by: 'workspace.closing', acknowledged });
  }

  private async isQuiet(tx: TenantTx): Promise<boolean> {
    const since = new Date(this.clock.now().getTime() - APPROVAL_MS);
    const [found] = await tx.query<{ busy: boolean }>(BUSY, [tx.tenantId, since]);
    return found?.busy === false;
  }

  private async eraseSome(tx: TenantTx): Promise<number> {
    const persons = await tx.query<{ telegramId: number }>(PERSONS, [tx.tenantId]);
    const pairs = persons.map(({ telegramId }) => ({ telegramId, pseudonym: pseudonymFrom(Math.random()) }));
    await this.store.replace(tx, pairs);
    return pairs.length;
  }

  private async end(tx: PlatformTx, tenantId: string): Promise<boolean> {
    const ended = await this.closures.end(tx.asTenant(tenantId));
    if (ended === undefined) return false;
    for (const wipe of LAST_WIPES) await tx.query(wipe, [tenantId]);
    // Nobody is left to be told.
    await this.events.recordRelayed(tx.asTenant(tenantId), { type: 'workspace.closed', data: closureView(ended) });
    return true;
  }
}
