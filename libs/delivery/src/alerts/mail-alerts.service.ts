import { Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { type AlertMailText, MailStore } from '#libs/mail';
import type { Role } from '#libs/tenants';
import { detailsOf, isKnownTrouble } from './alert-details.rows.js';
import {
  type MailAlertKind,
  mailAlertsOf,
  type MailAlertSwitches,
  mailAlertText,
  mailKindOf,
  type MailPace,
  pageAbout,
  stepOf,
} from './mail-alert.js';
import { MailAlertRow } from './mail-alert.entity.js';
import type { MailAlertState } from './mail-alerts-view.js';

interface Member {
  readonly accountId: string;
  readonly role: Role;
}

/** An email about an event, and the members who want it. */
export interface WantedMail {
  readonly eventId: string;
  readonly kind: MailAlertKind;
  readonly accounts: readonly string[];
}

/** Alerts to members by email, at most one an hour for each kind and workspace. */
@Injectable()
export class MailAlerts {
  constructor(
    private readonly db: Database,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
    private readonly mails: MailStore,
  ) {}

  /** Returns a member's switches, and the reason if nothing can be sent. */
  async get(tenantId: string, who: Member): Promise<MailAlertSwitches & { readonly state: MailAlertState }> {
    const chosen = await this.db.inTenant(tenantId, (tx) =>
      tx.manager.findOneBy(MailAlertRow, { tenantId, accountId: who.accountId }),
    );
    return { ...mailAlertsOf(who.role, chosen ?? undefined), state: await this.stateOf(who.accountId) };
  }

  /** Replaces the member's switches. Idempotent. */
  async set(tenantId: string, who: Member, { sales, failures, support, warnings }: MailAlertSwitches) {
    await this.db.inTenant(tenantId, (tx) =>
      tx.query(
        `insert into mail_alerts (tenant_id, account_id, sales, failures, support, warnings) values ($1, $2, $3, $4, $5, $6)
         on conflict (tenant_id, account_id) do update set sales = excluded.sales, failures = excluded.failures,
           support = excluded.support, warnings = excluded.warnings`,
        [tenantId, who.accountId, sales, failures, support, warnings],
      ),
    );
    return this.get(tenantId, who);
  }

  /** Returns the email about an event; undefined if no member wants one. */
  async wantedAbout(tenantId: string, eventId: string): Promise<WantedMail | undefined> {
    if (!this.mails.available) return undefined;
    const kind = await this.db.inTenant(tenantId, async (tx) => {
      const event = await this.events.find(tx, eventId);
      return event === undefined || (await isKnownTrouble(tx, event)) ? undefined : mailKindOf(event);
    });
    if (kind === undefined) return undefined;
    const accounts = await this.recipients(tenantId, kind);
    return accounts.length === 0 ? undefined : { eventId, kind, accounts };
  }

  /** Sends the email, or keeps it for later if less than an hour has passed since the previous one. */
  async tell(tx: TenantTx, { eventId, kind, accounts }: WantedMail, now: Date): Promise<void> {
    const key = [tx.tenantId, kind];
    const [pace] = await tx.query<MailPace & { workspace: string }>(
      `insert into mail_alert_paces (tenant_id, kind) values ($1, $2)
       on conflict (tenant_id, kind) do update set kind = excluded.kind
       returning sent_at as "sentAt", waiting, held, (select name from tenants where id = $1) as workspace`,
      key,
    );
    if (pace === undefined) throw new Error('an upsert returned no row');
    const step = stepOf(pace, eventId, now);
    if (step.kind === 'hold') {
      await tx.query('update mail_alert_paces set held = held + 1 where tenant_id = $1 and kind = $2', key);
    } else if (step.kind === 'wait') {
      await tx.query('update mail_alert_paces set waiting = $3 where tenant_id = $1 and kind = $2', [...key, eventId]);
      await this.jobs.enqueue(tx, [{ kind: 'alert.mail', subject: eventId, dueAt: step.until }]);
    } else {
      await tx.query(
        'update mail_alert_paces set sent_at = $3, waiting = null, held = 0 where tenant_id = $1 and kind = $2',
        [...key, now],
      );
      const facts = { alert: kind, event: eventId, workspace: pace.workspace, held: step.held };
      for (const accountId of accounts) await this.mails.enqueue(tx, { to: { accountId }, kind: 'alert', facts });
    }
  }

  /**
   * Returns the text of an email about an event, composed when it is sent; undefined if the event or its subject was
   * deleted.
   */
  async textOf(tx: TenantTx, eventId: string): Promise<AlertMailText | undefined> {
    const event = await this.events.find(tx, eventId);
    if (event === undefined) return undefined;
    const details = await detailsOf(tx, event);
    const [en, ru] = [mailAlertText('en', event, details), mailAlertText('ru', event, details)];
    return en === undefined || ru === undefined ? undefined : { en, ru, page: pageAbout(event) };
  }

  private async stateOf(accountId: string): Promise<MailAlertState> {
    if (!this.mails.available) return 'unavailable';
    const [confirmed] = await this.db.inPlatform('the address of a member', (tx) =>
      tx.query('select 1 from accounts where id = $1 and email_confirmed_at is not null', [accountId]),
    );
    return confirmed === undefined ? 'address_unconfirmed' : 'on';
  }

  private async recipients(tenantId: string, kind: MailAlertKind): Promise<string[]> {
    const members = await this.db.inPlatform('the addresses of members for alerts', (tx) =>
      tx.query<Member & { chosen: MailAlertSwitches | null }>(
        `select m.account_id as "accountId", m.role, to_jsonb(s) as chosen
         from memberships m join accounts a on a.id = m.account_id and a.email_confirmed_at is not null
         left join mail_alerts s on s.tenant_id = m.tenant_id and s.account_id = m.account_id
         where m.tenant_id = $1`,
        [tenantId],
      ),
    );
    const gets = ({ role, chosen }: (typeof members)[number]) => mailAlertsOf(role, chosen ?? undefined)[kind];
    return members.filter(gets).map(({ accountId }) => accountId);
  }
}
