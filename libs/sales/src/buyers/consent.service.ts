import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';

export interface Consent {
  readonly botId: string;
  /** The creator's name for the terms. */
  readonly version: string;
  /** The language in which they were read. */
  readonly language: string;
  readonly agreedAt: Date;
}

/** Buyers' consents to terms. Checkout reads them when an order is placed. */
@Injectable()
export class ConsentService {
  /**
   * Records consent once per buyer, bot and version: the first time counts. Idempotent. @param text the words that the
   * buyer was shown
   */
  async agree(tx: TenantTx, buyerId: number, text: string, consent: Consent): Promise<void> {
    const { botId, version, language, agreedAt } = consent;
    const digest = createHash('sha256').update(text).digest();
    await tx.query(
      `insert into terms_consents (tenant_id, bot_id, buyer_id, version, language, text_sha256, agreed_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, bot_id, buyer_id, version) do nothing`,
      [tx.tenantId, botId, buyerId, version, language, digest, agreedAt],
    );
  }

  /** True when the buyer has agreed to this version in this bot. */
  async hasAgreed(tx: TenantTx, botId: string, buyerId: number, version: string): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from terms_consents where tenant_id = $1 and bot_id = $2 and buyer_id = $3 and version = $4',
      [tx.tenantId, botId, buyerId, version],
    );
    return rows.length > 0;
  }

  /** A person's consents, latest first, at most 100. */
  of(tx: TenantTx, buyerId: number): Promise<Consent[]> {
    return tx.query<Consent>(
      `select bot_id as "botId", version, language, agreed_at as "agreedAt" from terms_consents
       where tenant_id = $1 and buyer_id = $2 order by agreed_at desc, version limit 100`,
      [tx.tenantId, buyerId],
    );
  }
}

/** SQL for a bot `b`: true when a buyer's consent allows a sale. @param buyer place of a parameter */
export const hasAgreedColumn = (buyer: string) =>
  `(b.terms_version is null or exists (select from terms_consents c where c.tenant_id = b.tenant_id and c.bot_id = b.id
     and c.buyer_id = ${buyer} and c.version = b.terms_version)) as agreed`;
