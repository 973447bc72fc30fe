import { alertText, switchOf, threadIn } from './alert.js';
import { ALERT_WORDS } from './words.js';
import { isWarning } from './warning.js';

const THREAD = 'sth_01kb2n3z4y5x6w7v8t9s0r1q2p';
const OTHER = 'sth_01kb2n3z4y5x6w7v8t9s0r1q2q';
const details = { bot: 'tea_bot', title: 'Tea', buyer: 'Bea (@bea)', text: null, fileKind: null };
const asked = (text: string) =>
  alertText('en', 'support.message_received', { thread_id: THREAD }, { ...details, text });

describe('an alert about a waiting buyer', () => {
  it('contains the buyer and the question, and ends with the thread to answer in', () => {
    expect(asked('It is cold')).toBe(
      '✉️ A buyer is waiting for your reply.\n\nBot: @tea_bot\nBuyer: Bea (@bea)\nAbout: “Tea”\n\nIt is cold\n\n' +
        `Reply to this message to answer.\n${THREAD}`,
    );
    expect(threadIn(asked('It is cold'))).toBe(THREAD);
  });

  it.each([`${OTHER}`, `a\n${OTHER}`, `a\n${OTHER}\n`, `\n${OTHER}\n\n`])(
    'is not confused by a buyer who writes %j',
    (text) => {
      expect(threadIn(asked(text))).toBe(THREAD);
    },
  );

  it("fits into one message, however long the buyer's message", () => {
    expect(asked('x'.repeat(4_096)).length).toBeLessThan(4_096);
    expect(threadIn(asked('x'.repeat(4_096)))).toBe(THREAD);
  });

  it.each(['👨‍👩‍👧‍👦', '🇩🇪', 'क्षि', 'e\u0323\u0302'])('does not split %s', (character) => {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const alert = asked(`${before}${character.repeat(3_000)}`);
      expect(alert.isWellFormed()).toBe(true);
      expect(alert.split('\n\n')[2]?.replaceAll(character, '')).toBe(`${before}…`);
    }
    const named = alertText(
      'en',
      'order.paid',
      { stars: 5, id: 'ord_1' },
      { ...details, buyer: `xx${character.repeat(90)}` },
    );
    expect(named.isWellFormed()).toBe(true);
  });

  it('mentions an attached file', () => {
    const data = { thread_id: THREAD };
    const text = alertText('en', 'support.message_received', data, { ...details, text: '', fileKind: 'video_note' });
    expect(text).toContain('Attached file: video note');
  });
});

it.each([
  ['order.paid', { stars: 50 }, 'sales'],
  ['order.paid', { stars: 0 }, undefined],
  ['order.delivery_failed', {}, 'failures'],
  ['order.updated', { status: 'placed', delivery_error: 'Telegram would not show it' }, 'failures'],
  ['order.updated', { status: 'placed', delivery_error: null }, undefined],
  ['order.updated', { status: 'delivered', delivery_error: 'once' }, undefined],
  ['refund.failed', {}, 'failures'],
  ['support.message_received', {}, 'support'],
  ['refund.delayed', {}, undefined],
  ['endpoint.disabled', {}, undefined],
] as const)('%s with %j is reported when %s is switched on', (type, data, wanted) => {
  expect(switchOf({ type, data })).toBe(wanted);
});

it('a stray payment is reported with its amount, even with all switches off', () => {
  const stray = { id: 'stray_1', bot_id: 'bot_1', kind: 'successful_payment', description: 'It is not in Stars.' };
  const text = alertText('en', 'payment.stray', { ...stray, amount: '499', currency: 'EUR' });
  expect(isWarning('payment.stray')).toBe(true);
  expect(text).toMatch(
    /^⚠️ Telegram reported a payment that could not be recorded\.[^]*not in Stars[^]*499 EUR[^]*bot_1/,
  );
  const unread = alertText('en', 'payment.stray', { ...stray, kind: 'refunded_payment', amount: null, currency: null });
  expect(unread).toMatch(/reported a refund/);
  expect(unread).not.toContain('Reported:');
});

it('an endpoint is identified by its host, because its path may be a secret', () => {
  const endpoint = { id: 'ep_1', url: 'https://creator.example/hooks/secret', failure: 'the endpoint answered 502' };
  for (const type of ['endpoint.failing', 'endpoint.recovered', 'endpoint.disabled'] as const) {
    const text = alertText('en', type, endpoint);
    expect(text).toContain('creator.example');
    expect(text).not.toContain('secret');
  }
});

describe('an alert in Russian', () => {
  it.each([
    ['order.paid', { stars: 50, id: 'ord_1' }, /^💰 Продано: “Tea”, 50\s⭐|^💰 Продано: “Tea”, 50 зв/],
    ['order.delivery_failed', { status: 'paid', id: 'ord_1' }, /^⚠️ Заказ “Tea” оплачен, но не доставлен/],
    ['refund.failed', { id: 'ref_1', failure: 'BALANCE_TOO_LOW' }, /Причина: BALANCE_TOO_LOW/],
    ['quota.warning', { name: 'products', used: 8, allowed: 10, state: 'warning' }, /товары, занято 8 из 10/],
    ['job.parked', { kind: 'mail.send', error: 'no route' }, /Попытки закончились: отправка письма/],
    ['endpoint.failing', { url: 'https://creator.example/x', id: 'we_1' }, /creator\.example не принимает события/],
    ['bot.removal_stuck', { bot_id: 'bot_1', failures: [1, 2] }, /GET \/v1\/bots\/bot_1\/obligations/],
    ['chat.updated', { title: 'VIP', missing_rights: [], remedy: 'Close it.' }, /Чат “VIP” теперь открыт/],
  ] as const)('is complete for %s', (type, data, wanted) => {
    const text = alertText('ru', type, data, details);
    expect(text).toMatch(wanted);
    expect(text).not.toMatch(/undefined|null/);
  });

  it('also ends with the thread of the question', () => {
    const text = alertText('ru', 'support.message_received', { thread_id: THREAD }, { ...details, text: 'Где?' });
    expect(text).toContain('Покупатель ждёт вашего ответа');
    expect(threadIn(text)).toBe(THREAD);
  });

  it('has every paragraph of the English one', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
        : typeof value;
    expect(shape(ALERT_WORDS.ru)).toEqual(shape(ALERT_WORDS.en));
  });
});
