import { fc } from '../../../test/support/properties.js';
import { DAY, HOUR, MINUTE } from '#libs/kernel';
import {
  ACCESS_STATES,
  admissionRetryMs,
  endsOf,
  mergedAccess,
  nextStep,
  type Paid,
  presenceOf,
  rightOf,
  type StepFacts,
} from './chat-access.js';

const now = new Date('2026-06-01T12:00:00Z');
const days = (n: number) => new Date(now.getTime() + n * DAY);

/** Returns a purchase that is paid until a day; null for no end. */
function paid(day: number | null, changes: Partial<Paid> = {}): Paid {
  const until = day === null ? null : days(day);
  return { productId: 'product', paidUntil: until, until, days: null, ...changes };
}

describe('the paid time', () => {
  it('starts with the payment', () => {
    expect(endsOf([{ id: 'a', paidAt: now, days: 30 }])).toEqual([{ id: 'a', endsAt: days(30) }]);
  });

  it('is added to the remaining time, and starts anew after a gap', () => {
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

  it('never has more or fewer days than were paid', () => {
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
        // Counts the days of access one by one.
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
  it('lasts as long as the longest purchase', () => {
    const [short, long, over, forGood] = [paid(3), paid(30), paid(-5), paid(null)];
    expect(rightOf([short, long, over], now)).toEqual({ live: true, until: days(30), lapsed: false, last: long });
    expect(rightOf([short, forGood, long], now)).toEqual({ live: true, until: null, lapsed: false, last: forGood });
  });

  it('belongs to the first of two purchases that end at the same time', () => {
    const [first, second] = [paid(3), paid(3, { productId: 'another' })];
    expect(rightOf([first, second], now).last).toBe(first);
  });

  it('has lapsed after its end, but not after a refund', () => {
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
    ['without an end is left as it is', { right: rightOf([paid(null)], now) }, { kind: 'nothing' }],
    ['admits its buyer on request', { requestedAt: now }, { kind: 'admit' }],
    ["sends another link when the chat's number has changed", { linkLost: true }, { kind: 'reinvite' }],
    ['sends no link to a member', { state: 'member', link: null, linkLost: true }, { kind: 'wait', until: days(3) }],
    ['revokes its link once it was used', { state: 'member' }, { kind: 'revoke_link' }],
    ['waits once its link is revoked', { state: 'member', link: null }, { kind: 'wait', until: days(3) }],
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

  /** Returns a right to thirty days, and one of grace, that ends on a day. */
  const month = (day: number) => rightOf([paid(day, { until: days(day + 1), days: 30 })], now);
  const reminder = (day: number) => ({ kind: 'remind', paidUntil: days(day), productId: 'product' });
  it.each([
    ['is awaited', month(20), null, { kind: 'wait', until: days(17) }],
    ['is announced three days before', month(3), null, reminder(3)],
    ['is announced once', month(3), days(3), { kind: 'wait', until: days(4) }],
    ['is announced again when it moves', month(2), days(-28), reminder(2)],
    ['is not announced when it is past', month(0), null, { kind: 'wait', until: days(1) }],
    [
      'is announced six hours before if it lasts a day',
      rightOf([paid(1, { days: 1 })], now),
      null,
      { kind: 'wait', until: days(0.75) },
    ],
    [
      'does not exist if one of two payments has none',
      rightOf([paid(3, { days: 30 }), paid(null, { days: 30 })], now),
      null,
      { kind: 'nothing' },
    ],
    [
      'is not announced if only the grace period has one',
      rightOf([paid(3, { paidUntil: null, days: 30 })], now),
      null,
      { kind: 'wait', until: days(3) },
    ],
    [
      'is announced by its subscription, if it has one',
      rightOf([paid(1)], now),
      null,
      { kind: 'wait', until: days(1) },
    ],
  ] as const)('its end %s', (_what, right, remindedUntil, step) => {
    expect(nextStep({ ...invited, state: 'member', link: null, right, remindedUntil }, now)).toEqual(step);
  });
});

describe('a failed admission', () => {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  it.each([
    ['after a minute at first', null, null, MINUTE],
    ['after the time that it has been failing', ago(2 * HOUR), null, 2 * HOUR],
    ['after six hours at most', ago(30 * HOUR), null, 6 * HOUR],
    ['no later than the end of the paid time', ago(2 * HOUR), days(1 / 24), HOUR],
    ['as usual when the paid time is longer', ago(2 * HOUR), days(3), 2 * HOUR],
    ['as usual when the paid time ends now', ago(2 * HOUR), now, 2 * HOUR],
    ['as usual when the paid time has ended', ago(2 * HOUR), days(-1), 2 * HOUR],
  ])('is retried %s', (_when, failedAt, accessUntil, wait) => {
    expect(admissionRetryMs({ failedAt, accessUntil }, now)).toBe(wait);
  });
});

describe('two merged accesses of one buyer', () => {
  const none = {
    state: 'invited',
    joinedAt: null,
    endedAt: null,
    requestedAt: null,
    link: null,
    linkExpiresAt: null,
    linkLost: false,
    intruderId: null,
    remindedUntil: null,
  } as const;

  it('take the state with more steps left until removal', () => {
    const order = ['ended', 'invited', 'ending', 'member'];
    for (const kept of ACCESS_STATES)
      for (const other of ACCESS_STATES) {
        const furthest = order[Math.max(order.indexOf(kept), order.indexOf(other))];
        expect(mergedAccess({ ...none, state: kept }, { ...none, state: other }).state).toBe(furthest);
      }
  });

  it('keep the working link', () => {
    const [dead, works] = [
      { ...none, link: 't.me/+dead', linkExpiresAt: days(1), linkLost: true },
      { ...none, link: 't.me/+works', linkExpiresAt: days(2), linkLost: true },
    ];
    const chosen = { link: 't.me/+works', linkExpiresAt: days(2), linkLost: false };
    expect(mergedAccess(dead, works)).toMatchObject(chosen);
    expect(mergedAccess(none, works)).toMatchObject(chosen);
    expect(mergedAccess(dead, none)).toMatchObject({ link: 't.me/+dead', linkExpiresAt: days(1), linkLost: true });
    expect(mergedAccess({ ...none, link: 't.me/+kept' }, none)).toMatchObject({ link: 't.me/+kept', linkLost: false });
  });

  it('request a new link only while the buyer is invited', () => {
    const dead = { ...none, link: 't.me/+dead', linkLost: true };
    expect(mergedAccess(dead, { ...none, state: 'member' }).linkLost).toBe(false);
    expect(mergedAccess({ ...none, link: 't.me/+kept' }, none).linkLost).toBe(false);
  });

  it('have ended only if both had', () => {
    const ended = { ...none, state: 'ended', endedAt: days(-2) } as const;
    expect(mergedAccess(ended, { ...ended, endedAt: days(-1) }).endedAt).toEqual(days(-2));
    expect(mergedAccess(ended, none)).toMatchObject({ state: 'invited', endedAt: null });
  });

  it('keep the facts of the first, and take missing ones from the second', () => {
    const facts = (day: number) => ({
      joinedAt: days(day),
      requestedAt: days(day),
      intruderId: day,
      remindedUntil: days(day),
    });
    expect(mergedAccess({ ...none, ...facts(1) }, { ...none, ...facts(2) })).toMatchObject(facts(1));
    expect(mergedAccess(none, { ...none, ...facts(2) })).toMatchObject(facts(2));
  });
});

it.each([
  ['in', { status: 'member' }],
  ['in', { status: 'restricted', is_member: true }],
  ['out', { status: 'restricted', is_member: false }],
  ['out', { status: 'left' }],
  ['banned', { status: 'kicked' }],
  ['administrator', { status: 'creator' }],
])('a person is %s when Telegram reports %j', (presence, member) => {
  expect(presenceOf(member)).toBe(presence);
});
