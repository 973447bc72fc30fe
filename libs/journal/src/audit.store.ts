import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { idsMadeIn, newUuid, NotFound } from '#libs/kernel';
import type { AuditActor, AuditEntry, AuditFilter, AuditOutcome, AuditVia, NewAuditEntry } from './audit.js';

type First = Exclude<AuditOutcome, 'refused'>;
type Last = Exclude<AuditOutcome, 'begun'>;

/**
 * The append-only log of people's actions: the application can read it and add to it. An action in a single transaction
 * adds its entry in that transaction. An action that makes calls in between is first recorded as begun, and its outcome
 * is appended afterwards.
 */
@Injectable()
export class AuditStore {
  /**
   * Records an action that the workspace may see.
   * @returns the entry's id
   * @throws NotFound when there is no such workspace
   */
  async record(tx: TenantTx, entry: NewAuditEntry, outcome: First = 'done'): Promise<string> {
    const id = newUuid();
    const added = await tx.query(
      `insert into audit_entries (tenant_id, id, ${COLUMNS}) select t.id, $2, ${VALUES} from tenants t where t.id = $1 returning 1`,
      [tx.tenantId, id, ...valuesOf(entry, outcome)],
    );
    if (added.length === 0) throw new NotFound('workspace');
    return id;
  }

  /**
   * Appends the outcome of an action that was recorded as begun.
   * @param made public ids of objects that the action created
   */
  async conclude(tx: TenantTx, entryId: string, outcome: Last, made: readonly string[] = []): Promise<void> {
    await tx.query(
      'insert into audit_outcome_entries (tenant_id, entry_id, outcome, targets) values ($1, $2, $3, $4)',
      [tx.tenantId, entryId, outcome, made],
    );
  }

  /**
   * Records an action that only staff can see: reads, and actions that concern no workspace. @returns the entry's id
   */
  async recordForStaff(tx: PlatformTx, entry: NewAuditEntry, tenantId?: string, outcome: First = 'done') {
    const id = newUuid();
    await tx.query(
      `insert into staff_entries (owner_tenant, id, ${COLUMNS})
       values ((select id from tenants where id = $1::uuid), $2, ${VALUES})`,
      [tenantId ?? null, id, ...valuesOf(entry, outcome)],
    );
    return id;
  }

  async concludeForStaff(tx: PlatformTx, entryId: string, outcome: Last, made: readonly string[] = []): Promise<void> {
    await tx.query('insert into staff_outcome_entries (entry_id, outcome, targets) values ($1, $2, $3)', [
      entryId,
      outcome,
      made,
    ]);
  }

  /**
   * A workspace's own entries, newest first; with `before`, oldest first.
   * @returns one more than `limit` when there are more
   */
  async list(tx: TenantTx, filter: AuditFilter): Promise<AuditEntry[]> {
    const rows = await tx.query<EntryRow>(
      `select e.*, o.outcome as ended, o.targets as made from audit_entries e
       left join audit_outcome_entries o on o.tenant_id = e.tenant_id and o.entry_id = e.id
       where e.tenant_id = $1 and ${MATCHES} order by e.id ${direction(filter)} limit $8`,
      [tx.tenantId, ...matchesOf(filter)],
    );
    return rows.map(entryOf);
  }

  /** Lists entries of all workspaces and of staff, in the same order. */
  async listAll(tx: PlatformTx, filter: AuditFilter): Promise<AuditEntry[]> {
    const way = direction(filter);
    const rows = await tx.query<EntryRow>(
      `select * from (
         (select e.tenant_id, e.id, ${SELECTED}, o.outcome as ended, o.targets as made from audit_entries e
          left join audit_outcome_entries o on o.tenant_id = e.tenant_id and o.entry_id = e.id
          where ($1::uuid is null or e.tenant_id = $1) and ${MATCHES} order by e.id ${way} limit $8)
         union all
         (select e.owner_tenant, e.id, ${SELECTED}, o.outcome, o.targets from staff_entries e
          left join staff_outcome_entries o on o.entry_id = e.id
          where ($1::uuid is null or e.owner_tenant = $1) and ${MATCHES} order by e.id ${way} limit $8)
       ) everything order by id ${way} limit $8`,
      [filter.tenantId ?? null, ...matchesOf(filter)],
    );
    return rows.map(entryOf);
  }
}

const NAMES = [
  'action',
  'actor_kind',
  'actor_id',
  'via',
  'targets',
  'reason',
  'request_id',
  'network',
  'user_agent',
  'outcome',
] as const;
const COLUMNS = NAMES.join(', ');
/** Parameters 1 and 2 are the tenant and the id. */
const VALUES = NAMES.map((_, i) => `$${i + 3}`).join(', ');
const SELECTED = [...NAMES, 'created_at'].map((name) => `e.${name}`).join(', ');

function valuesOf({ action, actor, via, targets, reason, context }: NewAuditEntry, outcome: First): unknown[] {
  const { requestId, network, userAgent } = context;
  const actorId = actor.kind === 'command' ? null : actor.id;
  return [action, actor.kind, actorId, via, targets, reason ?? null, requestId, network, userAgent, outcome];
}

const MATCHES = `($2::text is null or e.action = $2) and ($3::uuid is null or e.actor_id = $3)
  and ($4::timestamptz is null or (e.created_at >= $4 and e.id >= $9::uuid))
  and ($5::timestamptz is null or (e.created_at < $5 and e.id <= $10::uuid))
  and ($6::uuid is null or e.id < $6) and ($7::uuid is null or e.id > $7)`;

function matchesOf({ action, actorId, from, to, after, before, limit }: AuditFilter): unknown[] {
  const { first, last } = idsMadeIn(from, to);
  return [
    action ?? null,
    actorId ?? null,
    from ?? null,
    to ?? null,
    after ?? null,
    before ?? null,
    limit + 1,
    first ?? null,
    last ?? null,
  ];
}

const direction = ({ before }: AuditFilter) => (before === undefined ? 'desc' : 'asc');

interface EntryRow {
  readonly tenant_id: string | null;
  readonly id: string;
  readonly action: string;
  readonly actor_kind: AuditActor['kind'];
  readonly actor_id: string | null;
  readonly via: AuditVia;
  readonly targets: readonly string[];
  readonly reason: string | null;
  readonly request_id: string | null;
  readonly network: string | null;
  readonly user_agent: string | null;
  readonly outcome: First;
  readonly created_at: Date;
  readonly ended: Last | null;
  readonly made: readonly string[] | null;
}

const entryOf = (row: EntryRow): AuditEntry => ({
  id: row.id,
  tenantId: row.tenant_id,
  action: row.action,
  actor:
    row.actor_kind === 'command' || row.actor_id === null
      ? { kind: 'command' }
      : { kind: row.actor_kind, id: row.actor_id },
  via: row.via,
  targets: [...row.targets, ...(row.made ?? [])],
  reason: row.reason,
  context: { requestId: row.request_id, network: row.network, userAgent: row.user_agent },
  outcome: row.ended ?? row.outcome,
  createdAt: row.created_at,
});
