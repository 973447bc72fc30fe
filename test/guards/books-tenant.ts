import { randomBytes, randomInt } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';

/** Returns the ids of a tenant with a correct ledger: one sale, one refunded sale, one pack of credits, one reservation. */
export function newBooksTenant() {
  const telegramId = randomInt(1_000_000, 2 ** 40);
  const id = () => newUuid();
  return {
    /** Marks tables, keys and views, which belong to no tenant. */
    mark: `mark_${randomBytes(6).toString('hex')}`,
    tenant: id(),
    bot: id(),
    telegramId,
    buyer: telegramId + 1,
    product: id(),
    order: id(),
    charge: id(),
    telegramCharge: `stx${id()}`,
    event: id(),
    endpoint: id(),
    delivery: id(),
    backOrder: id(),
    backCharge: id(),
    backTelegramCharge: `stx${id()}`,
    refund: id(),
    backEvent: id(),
    promo: id(),
    credits: id(),
    licence: id(),
    licenceOrder: id(),
    licenceCharge: id(),
    licenceTelegramCharge: `stx${id()}`,
    media: id(),
    mediaOrder: id(),
    mediaCharge: id(),
    mediaTelegramCharge: `stx${id()}`,
    spending: id(),
    creditOrder: id(),
    creditCharge: id(),
    creditTelegramCharge: `stx${id()}`,
    account: id(),
    lot: id(),
    reservation: id(),
    useOrder: id(),
    reconciliation: id(),
    chat: id(),
    access: id(),
    accessOrder: id(),
    accessCharge: id(),
    accessTelegramCharge: `stx${id()}`,
    plan: id(),
    subOrder: id(),
    subCharge: id(),
    subTelegramCharge: `stx${id()}`,
    renewalOrder: id(),
    renewalCharge: id(),
    renewalTelegramCharge: `stx${id()}`,
  };
}

export type BooksTenant = ReturnType<typeof newBooksTenant>;
export type Insert = (table: string, row: Readonly<Record<string, unknown>>) => Promise<unknown>;

export const LONG_AGO = new Date('2026-01-02T03:04:05Z');

export const inserter =
  (source: DataSource, t: BooksTenant): Insert =>
  (table, row) => {
    const all = Object.entries({ tenant_id: t.tenant, ...row });
    const places = all.map((_, i) => `$${i + 1}`).join(', ');
    return source.query(
      `insert into ${table} (${all.map(([column]) => column).join(', ')}) values (${places})`,
      all.map(([, value]) => value),
    );
  };
