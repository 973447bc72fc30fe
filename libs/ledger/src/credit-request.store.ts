import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { IdempotencyMismatch } from './credit-refusals.js';

/** The content of a request: JSON-safe values in a fixed order. */
export type RequestFacts = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Stores each idempotency key once per tenant. Separate from the operations, so that a general layer for all writes can
 * replace it.
 */
@Injectable()
export class CreditRequestStore {
  /**
   * Runs the work once per key. A repeated request gets the first response; if the first is still running, it waits. If
   * the work throws, the key remains unused. @param key 1 to 255 characters @param work returns a response that
   * survives JSON unchanged
   * @throws IdempotencyMismatch when the key was used for another request
   */
  async once<Answer extends object>(
    tx: TenantTx,
    key: string,
    request: RequestFacts,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest();
    const first = await tx.query(
      `insert into credit_requests (tenant_id, key, fingerprint) values ($1, $2, $3)
       on conflict (tenant_id, key) do nothing returning 1`,
      [tx.tenantId, key, fingerprint],
    );
    if (first.length === 0) return this.answerOf<Answer>(tx, key, fingerprint);
    const answer = await work();
    await tx.query('update credit_requests set answer = $3 where tenant_id = $1 and key = $2', [
      tx.tenantId,
      key,
      answer,
    ]);
    return answer;
  }

  private async answerOf<Answer>(tx: TenantTx, key: string, fingerprint: Buffer): Promise<Answer> {
    const [row] = await tx.query<{ fingerprint: Buffer; answer: Answer }>(
      'select fingerprint, answer from credit_requests where tenant_id = $1 and key = $2',
      [tx.tenantId, key],
    );
    if (row === undefined || !row.fingerprint.equals(fingerprint)) throw new IdempotencyMismatch();
    return row.answer;
  }
}
