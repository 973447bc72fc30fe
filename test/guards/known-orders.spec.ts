import { readFileSync } from 'node:fs';
import { newUuid, stars } from '#libs/kernel';
import { newOrder, type OrderRow, orderView } from '#libs/sales';
import { sources } from './foreign-tables.js';

/** Changes of shown columns that cannot coincide with a delivery right after the payment, with reasons. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'libs/sales/src/tables.ts buyer_id, metadata': 'An erasure waits until what a buyer has paid for is delivered.',
};

const snake = (name: string) => name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);

/** Finds the columns that an order's events show, by recording which ones the view reads from a row. */
function shownColumns(): ReadonlySet<string> {
  const read = new Set<string>();
  const [tenantId, botId, productId] = [newUuid(), newUuid(), newUuid()];
  const wanted = { tenantId, botId, productId, buyerId: 1, placedByUpdate: 1, source: null, priceVersion: 1 } as const;
  const row = newOrder({ ...wanted, stars: stars(1), billing: 'purchase' }, new Date(0));
  const watched = new Proxy<OrderRow>(row, {
    get(target, name) {
      read.add(snake(String(name)));
      return Reflect.get(target, name);
    },
  });
  orderView(watched);
  return read;
}

const SQL = /\bupdate orders(?: \w+)? set ([\s\S]*?)\s(?:where|from)\s/g;
const ENTITY = /\.update\(OrderRow, \{[^}]*\}, ([^)]*)\)/g;

/** Finds the changes of orders in a source: the columns that each sets, or `...` for columns only known at run time. */
function changesIn(source: string): string[][] {
  const bySql = [...source.matchAll(SQL)].map(([, set = '']) => [
    ...[...set.matchAll(/([a-z_]+) = /g)].map(([, column = '']) => column),
    ...(set.includes('${') ? ['...'] : []),
  ]);
  const byEntity = [...source.matchAll(ENTITY)].map(({ 1: values = '', index }) => {
    const literal = /^\{(.*)\}$/.exec(values)?.[1];
    if (literal !== undefined) return [...literal.matchAll(/(\w+)(?::[^,]*)?/g)].map(([, name = '']) => snake(name));
    // The object was created in the preceding lines.
    return source.slice(0, index).split('\n').slice(-3).join().includes('updatedAt') ? ['...', 'updated_at'] : ['...'];
  });
  return [...bySql, ...byEntity];
}

const shown = shownColumns();
const isKept = (columns: readonly string[]) =>
  columns.some((column) => column === 'updated_at' || column === 'event_sequence') ||
  columns.every((column) => column !== '...' && !shown.has(column));

describe('a change of an order that its events show (decision 0110)', () => {
  const changes = [...sources('libs'), ...sources('apps')]
    .filter((file) => !file.startsWith('apps/simulator/'))
    .flatMap((file) => changesIn(readFileSync(file, 'utf8')).map((columns) => ({ file, columns })));

  it('also changes `updated_at` or `event_sequence`, so that a delivery with an older copy of the order notices it', () => {
    const silent = changes
      .filter(({ columns }) => !isKept(columns))
      .map(({ file, columns }) => `${file} ${columns.filter((column) => shown.has(column)).join(', ')}`);
    expect(silent).toEqual(Object.keys(EXCEPTIONS));
  });

  it('is found in the sources', () => {
    expect(changes.length).toBeGreaterThanOrEqual(7);
    expect([shown.has('delivery'), shown.has('metadata'), shown.has('receipt_at')]).toEqual([true, true, false]);
  });

  it.each([
    ['tx.query(`update orders set delivery = $1 where id = $2`)', false],
    ['tx.query(`update orders set delivery = $1, updated_at = now() where id = $2`)', true],
    ['tx.query(`update orders o set receipt_at = $1 where id = $2`)', true],
    ['tx.query(`update orders set ${assignments} where id = $2`)', false],
    ['tx.manager.update(OrderRow, { id }, { metadata })', false],
    ['tx.manager.update(OrderRow, { id }, { metadata, updatedAt: now })', true],
    ['tx.manager.update(OrderRow, { id }, { reported, reportedAt: now })', true],
    ['tx.manager.update(OrderRow, { id }, changes)', false],
  ])('is classified: %s', (source, kept) => {
    expect(changesIn(`${source} `).map(isKept)).toEqual([kept]);
  });
});
