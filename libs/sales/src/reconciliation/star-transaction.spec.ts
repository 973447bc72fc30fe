import { fc } from '../../../../test/support/properties.js';
import type { StarTransaction } from 'grammy/types';
import {
  advance,
  disorder,
  freshRows,
  isLast,
  keyOf,
  type Listed,
  type ListCursor,
  PAGE,
  readFrom,
  readTransaction,
  START,
  withoutNames,
} from './star-transaction.js';

const user = { id: 7, is_bot: false, first_name: 'Ada', last_name: 'L', username: 'ada', language_code: 'en' };
const paid: StarTransaction = {
  id: 'stx1',
  amount: 50,
  date: 1_700_000_000,
  source: { type: 'user', transaction_type: 'invoice_payment', user, invoice_payload: 'ord_1' },
};
const listed = (id: string, at: number): Listed => ({
  ...readTransaction({ ...paid, id, date: at }),
});

/** Generates lists like those of Telegram: all ids differ, and dates never decrease. */
const list = (most = 350) =>
  fc.array(fc.nat(3), { maxLength: most, size: 'max' }).map((gaps) =>
    gaps.map((_, i) =>
      listed(
        `stx${i}`,
        gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap, 1_000),
      ),
    ),
  );

/** Reads a list to its end, page by page, like the reader. */
function read(all: readonly Listed[], from: ListCursor, known = new Set<string>()) {
  let cursor = from;
  const taken: Listed[] = [];
  for (let pages = 1; ; pages += 1) {
    const page = all.slice(readFrom(cursor), readFrom(cursor) + PAGE);
    const why = disorder(cursor, page, known);
    if (why !== undefined) return { why, pages, taken, cursor };
    for (const row of freshRows(cursor, page)) {
      taken.push(row);
      known.add(keyOf(row));
    }
    cursor = advance(cursor, page);
    if (isLast(page)) return { why, pages, taken, cursor };
  }
}

describe('a page of the list', () => {
  it('follows the previous one, so that every row is read once and in order, whatever was added meanwhile', () => {
    fc.assert(
      fc.property(list(), fc.nat(350), (all, already) => {
        const known = new Set<string>();
        const first = read(all.slice(0, already), START, known);
        const second = read(all, first.cursor, known);
        expect([...first.taken, ...second.taken].map((row) => row.id)).toEqual(all.map((row) => row.id));
        expect(second.cursor.rowsRead).toBe(all.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is one of three for 250 rows', () => {
    const all = Array.from({ length: 250 }, (_, i) => listed(`stx${i}`, 1_000 + i));
    expect(read(all, START)).toMatchObject({ pages: 3, why: undefined, cursor: { rowsRead: 250 } });
  });

  it('reveals a reversed list as soon as a row is added', () => {
    fc.assert(
      fc.property(list(120), (all) => {
        fc.pre(all.length >= 3);
        const known = new Set<string>();
        const before = read(all.slice(0, -1).toReversed(), START, known);
        const after = read(all.toReversed(), before.cursor, known);
        expect(before.why ?? after.why).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });

  it('reveals a removed or inserted row on the way to the end', () => {
    fc.assert(
      fc.property(list(90), fc.nat(), (all, where) => {
        fc.pre(all.length >= 2);
        const place = where % (all.length - 1);
        const known = new Set<string>();
        const { cursor } = read(all, START, known);
        const later = listed('later', 9_000_000);
        const without = [...all.slice(0, place), ...all.slice(place + 1), later];
        const between = [...all.slice(0, place), listed('between', 1), ...all.slice(place), later];
        expect(read(without, cursor, new Set(known)).why).toBeDefined();
        expect(read(between, cursor, new Set(known)).why).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['descending dates', [listed('a', 2_000), listed('b', 1_000)], 'the dates are not ascending'],
    ['a row twice', [listed('a', 1_000), listed('a', 1_000)], 'a row came a second time'],
  ])('is refused with %s', (_what, page, why) => expect(disorder(START, page, new Set())).toBe(why));

  it('can contain a refund next to its payment: the same id in the other direction', () => {
    const back: Listed = { ...listed('a', 1_000), direction: 'out' };
    expect(disorder(START, [listed('a', 1_000), back], new Set())).toBeUndefined();
  });

  it('is in order around a row without a date', () => {
    const undated = readTransaction({ ...paid, id: 'undated', date: Number.NaN });
    const page = [listed('a', 1_000), undated];
    expect(disorder(START, [...page, listed('b', 1_001)], new Set())).toBeUndefined();
    expect(advance(START, page)).toMatchObject({ lastKey: 'in:undated', lastAt: new Date(1_000_000) });
    expect(advance(START, [undated])).toMatchObject({ lastKey: 'in:undated', lastAt: new Date(0) });
  });

  it('is accepted in any order while the list is reread', () => {
    const cursor = { ...START, rereading: true };
    const page = [listed('b', 2_000), listed('a', 1_000)];
    expect(disorder(cursor, page, new Set(['in:a']))).toBeUndefined();
    expect(advance(cursor, page)).toMatchObject({ rowsRead: 2, lastKey: 'in:a', rereading: false });
  });
});

describe('a transaction', () => {
  it('is read with its buyer, payload and time when it pays an invoice', () => {
    expect(readTransaction(paid)).toMatchObject({
      id: 'stx1',
      direction: 'in',
      kind: 'invoice_payment',
      amount: 50,
      nanostars: 0,
      buyerId: 7,
      payload: 'ord_1',
      withdrawal: null,
      occurredAt: new Date(1_700_000_000_000),
    });
  });

  it.each<[string, string, Partial<StarTransaction>]>([
    ['out', 'invoice_payment', { receiver: paid.source }],
    ['out', 'withdrawal', { receiver: { type: 'fragment', withdrawal_state: { type: 'pending' } } }],
    ['in', 'withdrawal', { source: { type: 'fragment' } }],
    ['out', 'telegram_ads', { receiver: { type: 'telegram_ads' } }],
    ['out', 'telegram_api', { receiver: { type: 'telegram_api', request_count: 3 } }],
    ['in', 'affiliate_program', { source: { type: 'affiliate_program', commission_per_mille: 10 } }],
    ['out', 'gift_purchase', { receiver: { type: 'user', transaction_type: 'gift_purchase', user } }],
    ['in', 'other', { source: { type: 'other' } }],
    ['in', 'other', { source: { type: 'from_the_future' } as never }],
    ['in', 'other', { source: { type: 'user', transaction_type: 'from_the_future', user } as never }],
  ] as never)('with the direction %s is a %s', (direction, kind, changes) => {
    const { id, amount, date } = paid;
    expect(readTransaction({ id, amount, date, ...changes })).toMatchObject({ direction, kind });
  });

  it.each<[string, object, object]>([
    ['its amount cannot be counted', { amount: 0.5 }, { id: 'stx1', amount: 0 }],
    ['its amount cannot be counted', { amount: -1 }, { amount: 0 }],
    ['its amount cannot be counted', { amount: 2 ** 53 }, { amount: 0 }],
    ['its amount cannot be counted', { nanostar_amount: 1_000_000_000 }, { amount: 50, nanostars: 0 }],
    ['its date cannot be read', { date: Number.NaN }, { amount: 50, occurredAt: new Date(0) }],
    ['its date cannot be read', { date: 2 ** 52 }, { amount: 50, occurredAt: new Date(0) }],
    ['it has no id that can be stored', { id: '' }, { amount: 50, id: expect.stringMatching(/^unreadable-/) }],
    ['it has no id that can be stored', { id: 'a\0b' }, { id: expect.stringMatching(/^unreadable-/) }],
  ])('is stored without guessing when %s: %j', (problem, changes, read) =>
    expect(readTransaction({ ...paid, ...changes })).toMatchObject({ kind: 'other', buyerId: null, problem, ...read }),
  );

  it('has a stable key even if it cannot be read', () => {
    const [one, again] = [readTransaction({ ...paid, id: '' }), readTransaction({ ...paid, id: '' })];
    expect(keyOf(again)).toBe(keyOf(one));
    expect(keyOf(readTransaction({ ...paid, id: '', amount: 51 }))).not.toBe(keyOf(one));
  });

  it('is stored without names at any depth, but with everything else', () => {
    const { raw } = readTransaction({ ...paid, amount: 50 });
    expect(JSON.stringify(raw)).not.toMatch(/Ada|ada/);
    expect(raw).toMatchObject({ id: 'stx1', source: { user: { id: 7 }, invoice_payload: 'ord_1' } });
    const nested = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constant({ id: 1, first_name: 'Ada', title: 'Ada' }),
        tie('node'),
        fc.array(tie('tree')),
      ),
      node: fc.dictionary(fc.constantFrom('a', 'user', 'username', 'photo'), tie('tree')),
    })).tree;
    fc.assert(fc.property(nested, (value) => !/Ada|username|photo/.test(JSON.stringify(withoutNames(value)))));
  });

  it('loses NUL characters, which PostgreSQL cannot store', () => {
    const odd = {
      ...paid,
      source: { ...paid.source, invoice_payload: 'a\0b' } as NonNullable<StarTransaction['source']>,
    };
    expect(JSON.stringify(readTransaction(odd))).not.toContain('\\u0000');
  });
});
