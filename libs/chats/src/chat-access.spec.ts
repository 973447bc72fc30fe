import { fc } from '../../../test/support/properties.js';
import { DAY } from '#libs/kernel';
import { endsOf, nextStep, type Paid, presenceOf, rightOf, type StepFacts } from './chat-access.js';

const now = new Date('2026-06-01T12:00:00Z');
const days = (n: number) => new Date(now.getTime() + n * DAY);

/** Something that was paid until a day, null for good. */
function paid(day: number | null, changes: Partial<Paid> = {}): Paid {
  const until = day === null ? null : days(day);
  return { productId: 'product', paidUntil: until, until, days: null, ...changes };
}

describe('what was paid', () => {
  it('lasts from the payment on', () => {
    expect(endsOf([{ id: 'a', paidAt: now, days: 30 }])).toEqual([{ id: 'a', endsAt: days(30) }]);
  });

  it('is added to what is left, and begins anew after a pause', () => {
    const payments = [
      { id: 'a', paidAt: now, days: 30 },
      { id: 'b', paidAt: days(10), days: 30 },
      { id: 'c', paidAt: days(100), days: 7 },
    ];
    expect(endsOf(payments)).toEqual([
      { id: 'a', endsAt: days(30) },
      { id: 'b', endsAt: days(60) },
      { id: 'c', endsAt: days(107) },
    ]);
  });

  it('never gives more days than were paid, and never fewer', () => {
    const payments = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 40 }), days: fc.integer({ min: 1, max: 90 }) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(payments, (bought) => {
        let day = 0;
        const paid = bought.map(({ gap, days: length }, i) => {
          day += gap;
          return { id: String(i), paidAt: days(day), days: length };
        });
        const ends = endsOf(paid).map(({ endsAt }) => (endsAt.getTime() - now.getTime()) / DAY);
        // The days on which somebody has access, counted one by one.
        let [left, covered] = [0, 0];
        const last = Math.max(...ends);
        for (let today = 0; today < last; today += 1) {
          left += paid
            .filter(({ paidAt }) => paidAt.getTime() === days(today).getTime())
            .reduce((sum, it) => sum + it.days, 0);
          if (left === 0) continue;
          left -= 1;
          covered += 1;
        }
        expect({ left, covered }).toEqual({ left: 0, covered: paid.reduce((sum, it) => sum + it.days, 0) });
      }),
    );
  });
});

describe('a right', () => {
  it('is the longest of all that was bought', () => {
    const [short, long, over, forGood] = [paid(3), paid(30), paid(-5), paid(null)];
    expect(rightOf([short, long, over], now)).toEqual({ live: true, until: days(30), lapsed: false, last: long });
    expect(rightOf([short, forGood, long], now)).toEqual({ live: true, until: null, lapsed: false, last: forGood });
  });

  it('that ran out is told from one that went back', () => {
    expect(rightOf([paid(-5), paid(0)], now)).toMatchObject({ live: false, until: days(0), lapsed: true });
    expect(rightOf([], now)).toEqual({ live: false, until: now, lapsed: false, last: undefined });
  });
});

describe('an access', () => {
  const [live, over] = [rightOf([paid(3)], now), rightOf([paid(-1)], now)];
  const invited: StepFacts = {
    state: 'invited',
    right: live,
    requestedAt: null,
    link: 't.me/+a',
    linkLost: false,
    intruderId: null,
    remindedUntil: null,
  };
  it.each([
    ['waits for its end', {}, { kind: 'wait', until: days(3) }],
    ['that has no end is left alone', { right: rightOf([paid(null)], now) }, { kind: 'nothing' }],
    ['lets its buyer in who asks', { requestedAt: now }, { kind: 'admit' }],
    ['sends another way in when the chat has another number', { linkLost: true }, { kind: 'reinvite' }],
    ['sends none to whoever is in', { state: 'member', link: null, linkLost: true }, { kind: 'wait', until: days(3) }],
    ['takes its link back when it was used', { state: 'member' }, { kind: 'revoke_link' }],
    ['waits when that is done', { state: 'member', link: null }, { kind: 'wait', until: days(3) }],
    ['puts a stranger out first', { requestedAt: now, intruderId: 7 }, { kind: 'expel' }],
    ['ends when all that was paid is over', { right: over, state: 'member' }, { kind: 'end' }],
    ['does not let in once it is over', { right: over, requestedAt: now }, { kind: 'end' }],
    ['goes on ending after a crash', { right: over, state: 'ending' }, { kind: 'end' }],
    ['is opened again when it was paid meanwhile', { state: 'ending' }, { kind: 'readmit' }],
    ['that has ended leaves no link behind', { right: over, state: 'ended' }, { kind: 'revoke_link' }],
    ['that has ended is left alone', { right: over, state: 'ended', link: null }, { kind: 'nothing' }],
  ] satisfies [string, Partial<StepFacts>, object][])('%s', (_what, facts, step) => {
    expect(nextStep({ ...invited, ...facts }, now)).toEqual(step);
  });

  /** Thirty days, and one of grace, that end on a day. */
  const month = (day: number) => rightOf([paid(day, { until: days(day + 1), days: 30 })], now);
  const reminder = (day: number) => ({ kind: 'remind', paidUntil: days(day), productId: 'product' });
  it.each([
    ['is waited for', month(20), null, { kind: 'wait', until: days(17) }],
    ['is told of three days before', month(3), null, reminder(3)],
    ['is told of once', month(3), days(3), { kind: 'wait', until: days(4) }],
    ['is told of again when it is another one', month(2), days(-28), reminder(2)],
    ['that is over is not told of', month(0), null, { kind: 'wait', until: days(1) }],
    [
      'of a day is told of six hours before',
      rightOf([paid(1, { days: 1 })], now),
      null,
      { kind: 'wait', until: days(0.75) },
    ],
    ['of a subscription is for that to tell', rightOf([paid(1)], now), null, { kind: 'wait', until: days(1) }],
  ] as const)('whose end %s', (_what, right, remindedUntil, step) => {
    expect(nextStep({ ...invited, state: 'member', link: null, right, remindedUntil }, now)).toEqual(step);
  });
});

it.each([
  ['in', { status: 'member' }],
  ['in', { status: 'restricted', is_member: true }],
  ['out', { status: 'restricted', is_member: false }],
  ['out', { status: 'left' }],
  ['banned', { status: 'kicked' }],
  ['administrator', { status: 'creator' }],
])('somebody is %s who is %p', (presence, member) => {
  expect(presenceOf(member)).toBe(presence);
});
