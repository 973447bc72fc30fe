import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import type { EventType, NewEvent } from './event.js';

export interface StoredEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly type: EventType;
  readonly orderId: string | null;
  readonly sequence: number | null;
  readonly data: Record<string, unknown>;
  readonly createdAt: Date;
}

/** The outbox: facts written in the transaction in which they became true, taken out by the relay. */
@Injectable()
export class EventStore {
  /** @returns the event's id */
  async record(tx: TenantTx, event: NewEvent): Promise<string> {
    const id = newUuid();
    await tx.query(
      `with numbered as (
         update orders set event_sequence = event_sequence + 1 where tenant_id = $1 and id = $5::uuid returning event_sequence
       )
       insert into events (tenant_id, id, type, bot_id, order_id, sequence, data, previous)
       select $1, $2, $3, $4, $5::uuid, (select event_sequence from numbered), $6, $7`,
      [tx.tenantId, id, event.type, event.botId ?? null, event.orderId ?? null, event.data, event.previous ?? null],
    );
    return id;
  }

  /** Forgets facts older than a moment with their deliveries, one batch of at most `limit`; never one that waits. @returns how many */
  async forget(tx: PlatformTx, before: Date, limit: number): Promise<number> {
    const rows = await tx.query(
      `delete from events where ctid = any(array(
         select ctid from events where created_at < $1 and relayed_at is not null order by created_at limit $2 for update skip locked))
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }

  /** Locks facts that no relay has taken yet, oldest first, and marks them taken in this same transaction. */
  async take(tx: PlatformTx, limit: number): Promise<StoredEvent[]> {
    return tx.query<StoredEvent>(
      `update events e set relayed_at = now()
       from (select tenant_id, id from events where relayed_at is null order by id limit $1 for update skip locked) u
       where e.tenant_id = u.tenant_id and e.id = u.id
       returning e.tenant_id as "tenantId", e.id, e.type, e.order_id as "orderId", e.sequence, e.data, e.created_at as "createdAt"`,
      [limit],
    );
  }
}
