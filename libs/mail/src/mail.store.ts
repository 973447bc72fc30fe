import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { PlatformTx, TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { type Clock, DAY, DomainError, newUuid } from '#libs/kernel';
import { CLOCK, CONFIG } from '#libs/runtime';
import { SecretBox, type SecretPlace } from '#libs/vault';
import type { LetterFacts, LetterKind } from './letter-kinds.js';
import { MailRow } from './mail.entity.js';
import { type MailSettings, mailRoute } from './mail-route.js';

/** The recipient of an email: the address of an account, of a link, or of an invitation, at the time of sending. */
export type Recipient =
  | { readonly accountId: string }
  | { readonly linkId: string }
  | { readonly invitationId: string };

export interface NewMail<Kind extends LetterKind> {
  readonly to: Recipient;
  readonly kind: Kind;
  readonly facts: LetterFacts[Kind];
  /** The token of the email's link. It is stored encrypted, and deleted once the email has been sent. */
  readonly secret?: string;
}

/** A pending email, with its secret. */
export interface WaitingMail {
  readonly row: MailRow;
  readonly secret: string | undefined;
}

export class MailUnavailable extends DomainError {
  static readonly code = 'mail_unavailable';
  static readonly refusal = 'conflict';
  readonly remedy = 'Ask the operator of this installation: SMTP_URL and MAIL_FROM are not set.';

  constructor() {
    super('This installation cannot send email.');
  }
}

const place = (id: string): SecretPlace => ({ column: 'mails.secret', rowId: id });

/** Stores pending and sent emails. */
@Injectable()
export class MailStore {
  constructor(
    private readonly jobs: JobStore,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: MailSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False if no email can be sent. */
  get available(): boolean {
    return mailRoute(this.config) !== undefined;
  }

  /** @throws MailUnavailable */
  requireAvailable(): void {
    if (!this.available) throw new MailUnavailable();
  }

  /** Enqueues an email, which is sent after the commit. Does nothing if no email can be sent. */
  async enqueue<Kind extends LetterKind>(tx: TenantTx, { to, kind, facts, secret }: NewMail<Kind>): Promise<void> {
    if (!this.available) return;
    const id = newUuid();
    const secretSealed = secret === undefined ? null : await this.box.seal(tx, secret, place(id));
    const createdAt = this.clock.now();
    await tx.manager.insert(MailRow, { ...to, tenantId: tx.tenantId, id, kind, facts, secretSealed, createdAt });
    await this.jobs.enqueue(tx, [{ kind: 'mail.send', subject: id }]);
  }

  /** Returns the number of emails of a kind that a workspace has sent within a day. */
  async countToday(tx: TenantTx, kind: LetterKind): Promise<number> {
    const [found] = await tx.query<{ count: number }>(
      'select count(*)::int as count from mails where tenant_id = $1 and kind = $2 and created_at > $3',
      [tx.tenantId, kind, new Date(this.clock.now().getTime() - DAY)],
    );
    return found?.count ?? 0;
  }

  /** Returns the number of emails of a kind to an account since a time, in all its workspaces. */
  async countSince(tx: PlatformTx, accountId: string, kind: LetterKind, since: Date): Promise<number> {
    const [found] = await tx.query<{ count: number }>(
      'select count(*)::int as count from mails where account_id = $1 and kind = $2 and created_at > $3',
      [accountId, kind, since],
    );
    return found?.count ?? 0;
  }

  /** @returns undefined when it was sent already */
  async waiting(tx: TenantTx, id: string): Promise<WaitingMail | undefined> {
    const row = await tx.manager.findOneBy(MailRow, { tenantId: tx.tenantId, id, sentAt: IsNull() });
    if (row === null) return undefined;
    const { secretSealed: sealed } = row;
    return { row, secret: sealed === null ? undefined : await this.box.open(tx, sealed, place(id)) };
  }

  async markSent(tx: TenantTx, id: string, at: Date): Promise<void> {
    await tx.manager.update(MailRow, { tenantId: tx.tenantId, id }, { sentAt: at, secretSealed: null });
  }

  /** Deletes the secret of an email that will not be sent. */
  async giveUp(tx: TenantTx, id: string): Promise<void> {
    await tx.manager.update(MailRow, { tenantId: tx.tenantId, id }, { secretSealed: null });
  }
}
