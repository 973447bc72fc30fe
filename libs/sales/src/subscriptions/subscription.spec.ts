import { stars } from '#libs/kernel';
import {
  accessUntil,
  afterBegin,
  byReport,
  matchRecurring,
  nextStep,
  renewed,
  reported,
  wayToResume,
} from './subscription.js';
import type { Recurring } from '../charges/payment.js';

const DAY = 86_400_000;
const t0 = new Date('2026-12-01T00:00:00Z');
const at = (days: number) => new Date(t0.getTime() + days * DAY);

const known = {
  state: 'active',
  buyerId: 1,
  stars: stars(500),
  periodSeconds: 2_592_000,
  graceSeconds: 86_400,
  paidUntil: at(30),
  firstChargeId: 'stx1' as string | null,
  createdAt: t0,
  canceledAt: null as Date | null,
  locked: false,
} as const;
const payment = (days: number, first: boolean | undefined, changes = {}) => ({
  buyerId: 1,
  stars: stars(500),
  telegramChargeId: 'stx2',
  occurredAt: at(days),
  recurring: { until: at(days + 30), first } satisfies Recurring,
  ...changes,
});

describe('a payment with the payload of a subscription', () => {
  it.each([
    ['is a renewal when Telegram says that it is not the first', known, payment(30, false), 'renewal'],
    ['is a second subscription when it is marked as a first payment again', known, payment(1, true), 'again'],
    [
      'is the first one, reported late, when only renewals are known',
      { ...known, firstChargeId: null },
      payment(0, true),
      'renewal',
    ],
    ['is a renewal when it was listed a period later', known, payment(30, undefined), 'renewal'],
    [
      'is the missing first one when it was listed a period earlier',
      { ...known, createdAt: at(30) },
      payment(0, undefined),
      'renewal',
    ],
    ['is a second subscription when it was listed soon after the first', known, payment(14, undefined), 'again'],
    ['is a renewal when it was listed exactly half a period after the first', known, payment(15, undefined), 'renewal'],
    ['of another buyer is not a renewal', known, payment(30, false, { buyerId: 2 }), 'mismatch'],
    ['of another amount is not a renewal', known, payment(30, false, { stars: stars(499) }), 'mismatch'],
  ] as const)('%s', (_, subscription, paid, match) => {
    expect(matchRecurring(subscription, paid)).toBe(match);
  });
});

describe('a renewal', () => {
  it('lasts as long as Telegram says, and never shortens the paid time', () => {
    expect(renewed(known, payment(30, false), at(30))).toMatchObject({ state: 'active', paidUntil: at(60) });
    const ahead = { ...known, paidUntil: at(90) };
    expect(renewed(ahead, payment(30, false), at(91)).paidUntil).toEqual(at(90));
  });

  it('shows that the buyer enabled the subscription again, unless we canceled it or the payment is older than the cancellation', () => {
    const canceled = { ...known, state: 'canceled', canceledAt: at(10) } as const;
    expect(renewed(canceled, payment(30, false), at(30)).state).toBe('active');
    expect(renewed({ ...canceled, locked: true }, payment(30, false), at(30)).state).toBe('canceled');
    expect(renewed({ ...canceled, canceledAt: at(31) }, payment(30, false), at(32)).state).toBe('canceled');
    expect(renewed({ ...canceled, canceledAt: at(30) }, payment(30, false), at(32)).state).toBe('canceled');
  });

  it('revives an ended subscription if it reaches into the future', () => {
    const ended = { ...known, state: 'ended' } as const;
    expect(renewed(ended, payment(30, false), at(32)).state).toBe('active');
    expect(renewed(ended, payment(30, false), at(60)).state).toBe('ended');
    expect(renewed(ended, payment(30, false), at(61)).state).toBe('ended');
  });

  it('keeps a subscription active that has not ended yet, even if it is recorded late', () => {
    expect(renewed(known, payment(30, false), at(61)).state).toBe('active');
  });

  it('sets the name of the subscription at Telegram if it is the missing first payment', () => {
    const nameless = { ...known, firstChargeId: null, createdAt: at(30) };
    expect(renewed(nameless, payment(0, true), at(31)).firstChargeId).toBe('stx2');
    expect(renewed(nameless, payment(0, undefined), at(31)).firstChargeId).toBe('stx2');
    expect(renewed(nameless, payment(30, undefined), at(31)).firstChargeId).toBeNull();
    expect(renewed(nameless, payment(60, false), at(60)).firstChargeId).toBeNull();
    expect(renewed(known, payment(30, false), at(30)).firstChargeId).toBe('stx1');
  });
});

it('access outlasts the paid time only while a payment is expected', () => {
  expect(accessUntil(known)).toEqual(at(31));
  expect(accessUntil({ ...known, state: 'past_due' })).toEqual(at(31));
  expect(accessUntil({ ...known, state: 'canceled' })).toEqual(at(30));
});

it.each([
  ['active', 'canceled', 'canceled'],
  ['active', 'failed', 'past_due'],
  ['active', 'active', undefined],
  ['past_due', 'active', 'active'],
  ['past_due', 'canceled', 'canceled'],
  ['past_due', 'failed', undefined],
  ['canceled', 'active', 'active'],
  ['canceled', 'failed', undefined],
  ['ended', 'active', undefined],
  ['ended', 'canceled', undefined],
] as const)('the state %s changes on the report %s to %s', (state, report, after) =>
  expect(reported(state, report)).toBe(after),
);

describe('a report from before the start', () => {
  const canceled = { reported: 'canceled', reportedAt: at(20) } as const;

  it.each([
    ['none', { reported: null, reportedAt: null }, payment(0, true), undefined],
    ['one without a time', { ...canceled, reportedAt: null }, payment(0, true), undefined],
    ['a time without a report', { ...canceled, reported: null }, payment(0, true), undefined],
    ['one after the first payment', canceled, payment(0, true), { state: 'canceled', at: at(20) }],
    ['one older than the listed first payment', canceled, payment(30, true), { state: 'canceled', at: at(20) }],
    ['one about a payment of unknown kind', canceled, payment(30, undefined), { state: 'canceled', at: at(20) }],
    ['one older than the renewal that begins it', canceled, payment(30, false), undefined],
    ['one at the time of that renewal', canceled, payment(20, false), { state: 'canceled', at: at(20) }],
    ['one after that renewal', canceled, payment(10, false), { state: 'canceled', at: at(20) }],
    ['one that says nothing new', { ...canceled, reported: 'active' }, payment(0, true), undefined],
  ] as const)('is applied only if it is newer than the payment: %s', (_what, report, paid, after) => {
    expect(afterBegin('active', report, paid)).toEqual(after);
  });
});

describe('the change by a report', () => {
  it.each([
    ['canceled', null, { state: 'canceled', canceledAt: at(1), canceledBy: 'buyer' }],
    ['canceled', 'creator', { state: 'canceled', canceledAt: at(1), canceledBy: 'creator' }],
    ['past_due', 'buyer', { state: 'past_due' }],
    ['active', 'buyer', { state: 'active', canceledAt: null, canceledBy: null, locked: false }],
  ] as const)('leads to %s for a subscription canceled by %s', (state, canceledBy, changes) => {
    expect(byReport(state, { canceledBy }, at(1))).toEqual(changes);
  });
});

describe('the next step', () => {
  const plan = {
    remindSeconds: 3 * 86_400,
    winBack: true,
    remindedUntil: null,
    farewellUntil: null,
    wonBackAt: null,
    canceledBy: null,
  } as const;
  const facts = { ...known, ...plan, accessUntil: at(31) };
  const canceled = { ...facts, state: 'canceled', canceledBy: 'buyer', accessUntil: at(30) } as const;

  it('of a renewing subscription is its end, after the grace period', () => {
    expect(nextStep(facts, at(5))).toEqual({ kind: 'wait', until: at(31) });
    expect(nextStep(facts, at(31))).toEqual({ kind: 'end' });
  });

  it('of a canceled subscription is one reminder, then the end', () => {
    expect(nextStep(canceled, at(5))).toEqual({ kind: 'wait', until: at(27) });
    expect(nextStep(canceled, at(27))).toEqual({ kind: 'remind' });
    expect(nextStep({ ...canceled, remindedUntil: at(30) }, at(28))).toEqual({ kind: 'wait', until: at(30) });
    expect(nextStep({ ...canceled, remindSeconds: null }, at(28))).toEqual({ kind: 'wait', until: at(30) });
    expect(nextStep(canceled, at(30))).toEqual({ kind: 'end' });
  });

  it('of a subscription that ends with its bot is one farewell, without a reminder', () => {
    const gone = { ...canceled, canceledBy: 'removal' } as const;
    expect(nextStep(gone, at(5))).toEqual({ kind: 'farewell' });
    expect(nextStep({ ...gone, farewellUntil: at(30) }, at(28))).toEqual({ kind: 'wait', until: at(30) });
    // The earlier farewell was for another end, before a renewal.
    expect(nextStep({ ...gone, farewellUntil: at(0) }, at(28))).toEqual({ kind: 'farewell' });
    expect(nextStep({ ...gone, state: 'ended' }, at(31))).toEqual({ kind: 'nothing' });
  });

  it('after the end is one offer to a buyer who canceled', () => {
    const ended = { ...canceled, state: 'ended' } as const;
    expect(nextStep(ended, at(31))).toEqual({ kind: 'win_back' });
    expect(nextStep({ ...ended, wonBackAt: at(30) }, at(31))).toEqual({ kind: 'nothing' });
    expect(nextStep({ ...ended, canceledBy: 'refund' }, at(31))).toEqual({ kind: 'nothing' });
    expect(nextStep({ ...ended, winBack: false }, at(31))).toEqual({ kind: 'nothing' });
  });
});

it.each([
  ['by no one, because it renews', { state: 'active', locked: false, canceledBy: null }, undefined],
  ['in Telegram, when they canceled it there', { state: 'canceled', locked: false, canceledBy: 'buyer' }, 'telegram'],
  ['with the bot’s help, when they canceled it there', { state: 'canceled', locked: true, canceledBy: 'buyer' }, 'bot'],
  ['by no one, when its creator canceled it', { state: 'canceled', locked: true, canceledBy: 'creator' }, undefined],
  ['in Telegram, once its creator allows it', { state: 'canceled', locked: false, canceledBy: 'creator' }, 'telegram'],
  ['by no one, when it is over', { state: 'ended', locked: false, canceledBy: 'buyer' }, undefined],
] as const)('a renewal can be enabled again %s', (_how, known, way) => {
  expect(wayToResume(known)).toBe(way);
});
