import { fc } from '../../../../test/support/properties.js';
import { newUuid, publicId } from '#libs/kernel';
import { addUp, InvalidPeriod, periodOf } from './statement.js';
import { CSV_HEADER, csvLine, type StatementLine } from './statement-csv.js';

describe('the period of a statement', () => {
  it('consists of whole days in UTC, without the last one', () => {
    expect(periodOf('2026-01-31', '2026-02-01')).toEqual({
      from: new Date('2026-01-31T00:00:00Z'),
      to: new Date('2026-02-01T00:00:00Z'),
    });
  });

  it('can be a leap year', () => {
    expect(() => periodOf('2024-01-01', '2025-01-01')).not.toThrow();
  });

  it.each([
    ['is empty', '2026-01-31', '2026-01-31'],
    ['runs backwards', '2026-02-01', '2026-01-31'],
    ['is longer than 366 days', '2024-01-01', '2025-01-02'],
    ['is not a date', 'yesterday', '2026-01-01'],
  ])('is refused when it %s', (_, from, to) => {
    expect(() => periodOf(from, to)).toThrow(InvalidPeriod);
  });
});

describe('the totals of a statement', () => {
  it('separate charges and refunds, earned and held Stars', () => {
    const totals = addUp([
      { cause: 'charge', account: 'telegram', count: 3, stars: 170 },
      { cause: 'charge', account: 'earned', count: 2, stars: -100 },
      { cause: 'charge', account: 'held', count: 1, stars: -70 },
      { cause: 'refund', account: 'telegram', count: 2, stars: -120 },
      { cause: 'refund', account: 'earned', count: 1, stars: 50 },
      { cause: 'refund', account: 'held', count: 1, stars: 70 },
    ]);
    expect(totals).toEqual({
      charges: { count: 3, stars: 170 },
      refunds: { count: 2, stars: 120 },
      earned: 50,
      held: 0,
      net: 50,
    });
  });

  it('are zero when nothing was booked', () => {
    expect(addUp([])).toEqual({
      charges: { count: 0, stars: 0 },
      refunds: { count: 0, stars: 0 },
      earned: 0,
      held: 0,
      net: 0,
    });
  });
});

describe('a line of the CSV', () => {
  const [orderId, chargeId] = [newUuid(), newUuid()];
  const line: StatementLine = {
    bookedAt: new Date('2026-03-01T10:20:30.123Z'),
    type: 'refund',
    account: 'earned',
    stars: -50,
    orderId,
    chargeId,
    telegramChargeId: 'stx1',
    product: 'Guide',
    buyerId: 77,
    givenAway: 0,
  };
  const productOf = (product: string) => csvLine({ ...line, product }).split('stx1,')[1];

  it('has a field for each column of the header, and keeps the sign of the Stars', () => {
    expect(csvLine(line)).toBe(
      `2026-03-01T10:20:30.123Z,refund,earned,-50,${publicId('order', orderId)},${publicId('charge', chargeId)},stx1,Guide,77,0\r\n`,
    );
    expect(CSV_HEADER.split(',')).toHaveLength(csvLine(line).split(',').length);
  });

  it('leaves unknown values empty', () => {
    const unknown = { orderId: null, chargeId: null, telegramChargeId: null, product: null, buyerId: null };
    expect(csvLine({ ...line, ...unknown })).toBe('2026-03-01T10:20:30.123Z,refund,earned,-50,,,,,,0\r\n');
  });

  it.each([
    ['=cmd()', `'=cmd(),77,0\r\n`],
    ['+1', `'+1,77,0\r\n`],
    ['-2', `'-2,77,0\r\n`],
    ['@SUM(A1)', `'@SUM(A1),77,0\r\n`],
    [' =1', `' =1,77,0\r\n`],
    ['\u200b=1', `'\u200b=1,77,0\r\n`],
    ['＝1', `'＝1,77,0\r\n`],
    ['=a,"b"', `"'=a,""b""",77,0\r\n`],
    ['\tx', `"'\tx",77,0\r\n`],
  ])('shows the formula %j instead of running it', (product, field) => {
    expect(productOf(product)).toBe(field);
  });

  it.each([
    ['Guide, 2nd', '"Guide, 2nd",77,0\r\n'],
    ['A "guide"', '"A ""guide""",77,0\r\n'],
    ['two\r\nlines', '"two\r\nlines",77,0\r\n'],
    ['Ключ 🔑', 'Ключ 🔑,77,0\r\n'],
  ])('quotes %j only as far as needed', (product, field) => {
    expect(productOf(product)).toBe(field);
  });

  it('never ends a field early, whatever the title of the product', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 32 }), (product) => {
        const rest = csvLine({ ...line, product })
          .split('stx1,')
          .slice(1)
          .join('stx1,');
        const quoted = /^"((?:[^"]|"")*)",77,0\r\n$/.exec(rest)?.[1]?.replaceAll('""', '"');
        const read = quoted ?? /^([^",\r\n]*),77,0\r\n$/.exec(rest)?.[1];
        return read === product || read === `'${product}`;
      }),
    );
  });
});
