import type { PlatformTx, TenantTx } from '#libs/database';

/** A request's identity, as its sender chose it. */
export interface IdempotencyKey {
  readonly principalId: string;
  readonly key: string;
}

export interface IdempotencyKeyRow {
  readonly fingerprint: Buffer;
  readonly state: 'running' | 'done';
  /** The response; null while the request runs. */
  readonly sealed: Buffer | null;
  /** False if the process that ran it counts as dead. */
  readonly alive: boolean;
}

/** @param since older keys are free */
export async function readKey(
  tx: TenantTx,
  { principalId, key }: IdempotencyKey,
  since: Date,
  now: Date,
): Promise<IdempotencyKeyRow | undefined> {
  const [row] = await tx.query<IdempotencyKeyRow>(
    `select fingerprint, state, answer_sealed as sealed, coalesce(running_until > $4, true) as alive from idempotency_keys
     where tenant_id = $1 and principal_id = $2 and key = $3 and created_at > $5`,
    [tx.tenantId, principalId, key, now, since],
  );
  return row;
}

/** @param until the time at which a running request counts as dead */
export async function writeKey(
  tx: TenantTx,
  { principalId, key }: IdempotencyKey,
  { fingerprint, state, sealed }: Omit<IdempotencyKeyRow, 'alive'>,
  until: Date | null,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into idempotency_keys (tenant_id, principal_id, key, fingerprint, state, answer_sealed, running_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, principal_id, key) do update
       set fingerprint = excluded.fingerprint, state = excluded.state, answer_sealed = excluded.answer_sealed,
           running_until = excluded.running_until, created_at = excluded.created_at`,
    [tx.tenantId, principalId, key, fingerprint, state, sealed, until, now],
  );
}

/** Frees a key whose request had no effect. */
export async function freeKey(tx: TenantTx, { principalId, key }: IdempotencyKey): Promise<void> {
  await tx.query(
    `delete from idempotency_keys where tenant_id = $1 and principal_id = $2 and key = $3 and state = 'running'`,
    [tx.tenantId, principalId, key],
  );
}

/** Deletes responses that can no longer be repeated. */
export async function forgetKeys(tx: PlatformTx, before: Date): Promise<void> {
  await tx.query('delete from idempotency_keys where created_at < $1', [before]);
}
