import { fc } from '../../../test/support/properties.js';
import {
  DAY,
  idOrNull,
  idsMadeIn,
  inSlices,
  isCreditAmount,
  MAX_CREDITS,
  mayMove,
  newUuid,
  newUuidBeside,
} from './index.js';
import { NotFound, parseId, publicId, stars, starsInWords } from './index.js';

describe('public ids', () => {
  it('follow the TypeID specification', () => {
    expect(publicId('order', '00000000-0000-0000-0000-000000000000')).toBe('ord_00000000000000000000000000');
    expect(publicId('order', '0110c853-1d09-52d8-d73e-1194e95b5f19')).toBe('ord_0123456789abcdefghjkmnpqrs');
    expect(publicId('order', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('ord_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  });

  it('sort in the order of creation, also within a millisecond', () => {
    const made = Array.from({ length: 2_000 }, () => newUuid(1_800_000_000_000));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made.map((uuid) => uuid.slice(19))).size).toBe(made.length);
    expect(newUuid(1_700_000_000_000) < newUuid(1_800_000_000_000)).toBe(true);
  });

  it('can be converted back to their UUID', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => parseId('charge', publicId('charge', uuid)) === uuid));
  });

  it.each([
    '',
    'ord_',
    'chg_00000000000000000000000000',
    'ord_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    'ord_0123456789abcdefghjkmnpqri',
  ])('do not accept %j as an order id', (id) => expect(parseId('order', id)).toBeUndefined());
});

describe('a new UUID', () => {
  it('is a version 7 UUID that contains its millisecond', () => {
    const uuid = newUuid(1_700_000_000_123);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_123);
  });
});

describe('bounds of ids', () => {
  const [from, to] = [new Date('2026-12-01T00:00:00Z'), new Date('2026-12-05T00:00:00Z')];
  const timeOf = (uuid: string | undefined) => Number.parseInt((uuid ?? '').replaceAll('-', '').slice(0, 12), 16);

  it('include an extra day at both ends, because clocks differ', () => {
    const { first, last } = idsMadeIn(from, to);
    expect([timeOf(first), timeOf(last)]).toEqual([from.getTime() - DAY, to.getTime() + DAY]);
  });

  it('are undefined where the period is open', () => {
    expect(idsMadeIn(undefined, undefined)).toEqual({ first: undefined, last: undefined });
  });
});

it('an id next to another has the same time, and is new', () => {
  const [one, other] = [newUuid(1_700_000_000_000), newUuid(1_600_000_000_000)];
  expect(newUuidBeside(one).slice(0, 18)).toBe(one.slice(0, 18));
  expect(newUuidBeside(one)).not.toBe(one);
  expect(newUuidBeside(other)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('an optional reference is shown as an id or null', () => {
  const uuid = newUuid();
  expect([idOrNull('order', null), idOrNull('order', uuid)]).toEqual([null, publicId('order', uuid)]);
});

it('a refusal has the name of its class', () => {
  expect(new NotFound('order')).toMatchObject({ name: 'NotFound', code: 'not_found', refusal: 'not_found' });
});

describe('work in slices', () => {
  let now = 0;
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  it('yields to other tasks after more than ten milliseconds since the last pause', async () => {
    const order: string[] = [];
    await inSlices(['a', 'b', 'c', 'd', 'e', 'f'], (one) => {
      if (one === 'a') setImmediate(() => order.push('another'));
      if (one === 'd') setImmediate(() => order.push('one more'));
      order.push(one);
      now += 5;
    });
    expect(order).toEqual(['a', 'b', 'c', 'another', 'd', 'e', 'f']);
  });
});

describe('an amount of credits', () => {
  it.each([
    [0, false],
    [1, true],
    [1.5, false],
    [MAX_CREDITS, true],
    [MAX_CREDITS + 1, false],
  ])('can be %s: %s', (n, is) => expect(isCreditAmount(n)).toBe(is));
});

it('one Star is singular', () => {
  expect([0, 1, 1_500].map(starsInWords)).toEqual(['0 Stars', '1 Star', '1,500 Stars']);
});

describe('attack 10: Stars', () => {
  it.each([0, 1, 25_000, Number.MAX_SAFE_INTEGER])('can be %s', (n) => expect(stars(n)).toBe(n));
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('cannot be %s', (n) =>
    expect(() => stars(n)).toThrow(RangeError),
  );

  it.each(['1e21', '9007199254740993', '"5"', 'null', 'true', '[5]', '{}', '-0.1'])(
    'are never made from %s in JSON',
    (json) => expect(() => stars(JSON.parse(json) as number)).toThrow(RangeError),
  );

  it('are either the number itself or an error', () => {
    const made = (n: number) => {
      try {
        return stars(n);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), (n) => {
        expect(made(n)).toBe(Number.isSafeInteger(n) && n >= 0 ? n : undefined);
      }),
    );
  });
});

describe('moves between states', () => {
  it('follow the table', () => {
    const moves = { open: ['shut'], shut: [] } as const;
    expect(mayMove(moves, 'open', 'shut')).toBe(true);
    expect(mayMove(moves, 'shut', 'open')).toBe(false);
  });
});
