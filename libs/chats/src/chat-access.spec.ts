import { fc } from '../../../test/support/properties.js';
import { DAY } from '#libs/kernel';
import { endsOf, nextStep, type Paid, presenceOf, rightOf, type StepFacts } from './chat-access.js';

const now = new Date('2026-06-01T12:00:00Z');
const days = (n: number) => new Date(now.getTime() + n * DAY);

/** Something that was paid until a day; null for no end. */
function paid(day: number | null, changes: Partial<Paid> = {}): Paid {
  const until = day === null ? null : days(day);
  return { productId: 'product', paidUntil: until, until, days: null, ...changes };
}

describe('the paid time', () => {
  it('lasts from the payment on', () => {
    expect(endsOf([{ id: 'a', paidAt: now, days: 30 }])).toEqual([{ id: 'a', endsAt: days(30) }]);
  });

  it('is added to the remaining time, and starts again after a pause', () => {
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

  it('never gives more or fewer days than were paid', () => {
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
        // The days of access, counted one by one.
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
  it('is the longest of all purchases', () => {
    const [short, long, over, forGood] = [paid(3), paid(30), paid(-5), paid(null)];
    expect(rightOf([short, long, over], now)).toEqual({ live: true, until: days(30), lapsed: false, last: long });
    expect(rightOf([short, forGood, long], now)).toEqual({ live: true, until: null, lapsed: false, last: forGood });
  });

  it('that ran out differs from one that was refunded', () => {
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
    ['without an end is left alone', { right: rightOf([paid(null)], now) }, { kind: 'nothing' }],
    ['admits its buyer on request', { requestedAt: now }, { kind: 'admit' }],
    ["sends another link when the chat's number has changed", { linkLost: true }, { kind: 'reinvite' }],
    ['sends none to a member', { state: 'member', link: null, linkLost: true }, { kind: 'wait', until: days(3) }],
    ['revokes its link once it was used', { state: 'member' }, { kind: 'revoke_link' }],
    ['waits after that', { state: 'member', link: null }, { kind: 'wait', until: days(3) }],
    ['removes a stranger first', { requestedAt: now, intruderId: 7 }, { kind: 'expel' }],
    ['ends when everything paid has ended', { right: over, state: 'member' }, { kind: 'end' }],
    ['does not admit after its end', { right: over, requestedAt: now }, { kind: 'end' }],
    ['continues ending after a crash', { right: over, state: 'ending' }, { kind: 'end' }],
    ['is opened again when it was paid in the meantime', { state: 'ending' }, { kind: 'readmit' }],
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
    ['is announced three days before', month(3), null, reminder(3)],
    ['is announced once', month(3), days(3), { kind: 'wait', until: days(4) }],
    ['is announced again when it moves', month(2), days(-28), reminder(2)],
    ['is not announced when it is past', month(0), null, { kind: 'wait', until: days(1) }],
    [
      "of a day's access is announced six hours before",
      rightOf([paid(1, { days: 1 })], now),
      null,
      { kind: 'wait', until: days(0.75) },
    ],
    [
      'of a subscription is announced by the subscription',
      rightOf([paid(1)], now),
      null,
      { kind: 'wait', until: days(1) },
    ],
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
])('a person is %s who is %p', (presence, member) => {
  expect(presenceOf(member)).toBe(presence);
});
