import { readReport, recurringOf } from './payment-report.js';

const of = { botId: 'bot', updateId: 7, kind: 'successful_payment' } as const;
const BUYER = 2 ** 52 - 1;
const person = (id: number, is_bot = false) => ({ id, is_bot, first_name: 'Ada' });
const chat = { id: BUYER, type: 'private', first_name: 'Ada' } as const;
const message = { chat, from: person(BUYER), date: 1_790_000_000 };
const paid = {
  currency: 'XTR',
  total_amount: 50,
  invoice_payload: 'ord_1',
  telegram_payment_charge_id: 'stx1',
  provider_payment_charge_id: '1_1',
} as const;

describe('a report of a payment or refund', () => {
  it('names the person of a private chat as the payer', () => {
    expect(readReport(of, message, paid)).toMatchObject({
      payment: { buyerId: BUYER, stars: 50, payload: 'ord_1', telegramChargeId: 'stx1', providerChargeId: '1_1' },
    });
  });

  it('names the same payer for a refund, although the bot sends it', () => {
    expect(readReport({ ...of, kind: 'refunded_payment' }, { ...message, from: person(5, true) }, paid)).toMatchObject({
      payment: { buyerId: BUYER },
    });
  });

  const group = { id: -100, type: 'group', title: 'Friends' } as const;
  it('names the sender, never the group, as the payer in a group', () => {
    expect(readReport(of, { ...message, chat: group, from: person(5) }, paid)).toMatchObject({
      payment: { buyerId: 5 },
    });
  });

  it.each<[string, object, object]>([
    ['payer', { chat: undefined }, {}],
    ['payer', { chat: { ...chat, id: 2 ** 52 } }, {}],
    ['payer', { chat: { ...chat, id: 0 } }, {}],
    ['payer', { chat: group, from: person(5, true) }, {}],
    ['payer', { chat: group, from: undefined }, {}],
    ['currency', {}, { currency: 'EUR' }],
    ['amount', {}, { total_amount: 0 }],
    ['amount', {}, { total_amount: -1 }],
    ['amount', {}, { total_amount: 0.5 }],
    ['amount', {}, { total_amount: 2 ** 31 }],
    ['amount', {}, { total_amount: undefined }],
    ['charge', {}, { telegram_payment_charge_id: undefined }],
    ['charge', {}, { telegram_payment_charge_id: 'x'.repeat(1_025) }],
    ['date', { date: 1e18 }, {}],
    ['date', { date: undefined }, {}],
    ['date', {}, { subscription_expiration_date: -1 }],
  ])('is stray because of its %s: %j %j', (reason, told, of_) => {
    const read = readReport(of, { ...message, ...told }, { ...paid, ...of_ });
    expect(read).toMatchObject({ stray: { botId: 'bot', updateId: 7, reason } });
  });

  it('includes the end of the paid period for a subscription', () => {
    const until = { subscription_expiration_date: 1_792_592_000, is_recurring: true } as const;
    expect(recurringOf({ ...paid, ...until })).toEqual({ until: new Date(1_792_592_000_000), first: false });
    expect(recurringOf(paid)).toBeUndefined();
  });
});
