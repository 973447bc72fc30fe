import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { CONFIG } from '#libs/runtime';
import type { LetterFacts, LetterKind } from './letter.js';
import { MailRow } from './mail.entity.js';
import { type MailSettings, mailRoute } from './mail-route.js';

/** Letters that wait, and those that were sent. */
@Injectable()
export class MailStore {
  constructor(
    private readonly jobs: JobStore,
    @Inject(CONFIG) private readonly config: MailSettings,
  ) {}

  /** Has a letter sent after the commit. Does nothing where no mail can be sent. */
  async enqueue<Kind extends LetterKind>(
    tx: TenantTx,
    accountId: string,
    kind: Kind,
    facts: LetterFacts[Kind],
  ): Promise<void> {
    if (mailRoute(this.config) === undefined) return;
    const id = newUuid();
    await tx.manager.insert(MailRow, { tenantId: tx.tenantId, id, accountId, kind, facts });
    await this.jobs.enqueue(tx, [{ kind: 'mail.send', subject: id }]);
  }

  /** @returns undefined when it was sent already */
  async waiting(tx: TenantTx, id: string): Promise<MailRow | undefined> {
    return (await tx.manager.findOneBy(MailRow, { tenantId: tx.tenantId, id, sentAt: IsNull() })) ?? undefined;
  }

  async markSent(tx: TenantTx, id: string, at: Date): Promise<void> {
    await tx.manager.update(MailRow, { tenantId: tx.tenantId, id }, { sentAt: at });
  }
}
