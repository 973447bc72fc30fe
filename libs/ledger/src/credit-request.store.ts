import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { IdempotencyMismatch } from './credit-refusals.js';

/** What a request asks for: values that JSON keeps, in an order that does not change. */
export type RequestFacts = Readonly<Record<string, string | number | null | undefined>>;

/** Each key once per tenant. Kept apart from what is done under a key, so that a layer for all writes can take its place. */
@Injectable()
export class CreditRequestStore {
  /**
   * Does the work under a key once. A repetition gets the first answer, also while the first is still being worked on: then it
   * waits. Work that throws leaves no trace of its key.
   * @param key 1 to 255 characters
   * @param work answers with what JSON keeps as it is
   * @throws IdempotencyMismatch when the key stands for another request
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
