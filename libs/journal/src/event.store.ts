import { Injectable } from '@nestjs/common';
import { inOneStatement, type Piece, type PlatformTx, type TenantTx } from '#libs/database';
import { idsMadeIn, newUuid, NotFound } from '#libs/kernel';
import { ringAfterCommit } from './doorbell.js';
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

/** An event. Events are kept for at least 90 days. */
export interface RecordedEvent extends Omit<StoredEvent, 'tenantId'> {
  readonly previous: Record<string, unknown> | null;
}

export interface EventFilter {
  readonly types?: readonly EventType[] | undefined;
  readonly orderId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly limit: number;
  /** Only events older than this one. */
  readonly after?: string | undefined;
  /** Only events newer than this one, the nearest first. */
  readonly before?: string | undefined;
}

/** The outbox: events are written in the transaction that makes them true, and the relay takes them from here. */
@Injectable()
export class EventStore {
  /** @returns the event's id */
  record(tx: TenantTx, event: NewEvent): Promise<string> {
    ringAfterCommit(tx, 'relay');
    return this.insert(tx, event, null);
  }

  /**
   * Writes an order's row and records the event about it, in one statement.
   * @param changed an insert or update of that row, which returns its new `event_sequence`
   * @param also is written in the same statement, to another table
   * @returns false when the change found nothing to write: then nothing is recorded
   */
  async recordChange(tx: TenantTx, changed: Piece, event: NewEvent, also?: Piece): Promise<boolean> {
    ringAfterCommit(tx, 'relay');
    const { type, botId = null, orderId = null, data, previous = null } = event;
    const recorded = {
      sql: `insert into events (tenant_id, id, type, bot_id, order_id, sequence, data, previous)
        select $1::uuid, $2::uuid, $3::text, $4::uuid, $5::uuid, changed.event_sequence, $6::jsonb, $7::jsonb
        from changed returning 1`,
      values: [tx.tenantId, newUuid(), type, botId, orderId, data, previous],
    };
    const { sql, values } = inOneStatement({ changed, ...(also && { also }), recorded });
    return (await tx.query(sql, values)).length === 1;
  }

  /** Records an event that the relay skips, because the caller handles all its consequences. @returns the event's id */
  recordRelayed(tx: TenantTx, event: NewEvent): Promise<string> {
    return this.insert(tx, event, new Date());
  }

  /** Newest first; with `before`, oldest first. */
  list(tx: TenantTx, { types, orderId, from, to, limit, after, before }: EventFilter): Promise<RecordedEvent[]> {
    const { first, last } = idsMadeIn(from, to);
    return tx.query<RecordedEvent>(
      `select ${COLUMNS} from events
       where tenant_id = $1 and ($2::text[] is null or type = any($2)) and ($3::uuid is null or order_id = $3)
         and ($4::timestamptz is null or created_at >= $4) and ($5::timestamptz is null or created_at < $5)
         and ($6::uuid is null or id >= $6) and ($7::uuid is null or id <= $7) and ($8::uuid is null or id < $8)
         and ($9::uuid is null or id > $9)
       order by id ${before === undefined ? 'desc' : 'asc'} limit $10`,
      [
        tx.tenantId,
        types ?? null,
        orderId ?? null,
        from ?? null,
        to ?? null,
        first ?? null,
        last ?? null,
        after ?? null,
        before ?? null,
        limit,
      ],
    );
  }

  /** Returns events with later ids, oldest first. @param but ids to leave out */
  after(tx: TenantTx, id: string, but: readonly string[], limit: number): Promise<RecordedEvent[]> {
    return tx.query<RecordedEvent>(
      `select ${COLUMNS} from events where tenant_id = $1 and id > $2 and ${isNoneOf('$3')} order by id limit $4`,
      [tx.tenantId, id, but, limit],
    );
  }

  /** Returns the ids of events with later ids. */
  async idsAfter(tx: TenantTx, id: string): Promise<string[]> {
    const sql = 'select id from events where tenant_id = $1 and id > $2';
    return (await tx.query<{ id: string }>(sql, [tx.tenantId, id])).map((event) => event.id);
  }

  /** Returns the given tenants that have events with later ids, apart from known ones. */
  async tenantsAfter(tx: PlatformTx, tenantIds: readonly string[], id: string, known: readonly string[]) {
    const found = await tx.query<{ tenantId: string }>(
      `select distinct tenant_id as "tenantId" from events
       where tenant_id = any($1::uuid[]) and id > $2 and ${isNoneOf('$3')}`,
      [tenantIds, id, known],
    );
    return found.map(({ tenantId }) => tenantId);
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<RecordedEvent> {
    const event = await this.find(tx, id);
    if (event === undefined) throw new NotFound('event');
    return event;
  }

  /** @returns undefined if there is no such event, or it was deleted */
  async find(tx: TenantTx, id: string): Promise<RecordedEvent | undefined> {
    const sql = `select ${COLUMNS} from events where tenant_id = $1 and id = $2`;
    return (await tx.query<RecordedEvent>(sql, [tx.tenantId, id]))[0];
  }

  private async insert(tx: TenantTx, event: NewEvent, relayedAt: Date | null): Promise<string> {
    const id = newUuid();
    await tx.query(
      `insert into events (tenant_id, id, type, bot_id, order_id, sequence, data, previous, relayed_at)
       values ($1, $2, $3, $4, $5::uuid, number_of_event($1, $5::uuid), $6, $7, $8)`,
      [
        tx.tenantId,
        id,
        event.type,
        event.botId ?? null,
        event.orderId ?? null,
        event.data,
        event.previous ?? null,
        relayedAt,
      ],
    );
    return id;
  }

  /**
   * Locks events that the relay has not taken yet, oldest first, and marks them as taken in the same transaction. Rings
   * for the open event streams.
   */
  async take(tx: PlatformTx, limit: number): Promise<StoredEvent[]> {
    const events = await tx.query<StoredEvent>(
      `with waiting as materialized (
         select tenant_id, id from events where relayed_at is null order by id limit $1 for update skip locked)
       update events e set relayed_at = now() from waiting w where e.tenant_id = w.tenant_id and e.id = w.id
       returning e.tenant_id as "tenantId", e.id, e.type, e.order_id as "orderId", e.sequence, e.data, e.created_at as "createdAt"`,
      [limit],
    );
    if (events.length > 0) ringAfterCommit(tx, 'news');
    return events;
  }
}

/**
 * PostgreSQL makes a hash table of the list. It would search an array from the start for each row, since a prepared
 * statement does not know its elements.
 */
const isNoneOf = (ids: string) => `id not in (select unnest(${ids}::uuid[]))`;

const COLUMNS = `id, type, order_id as "orderId", sequence, data, previous, created_at as "createdAt"`;
