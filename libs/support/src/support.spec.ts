import { fc } from '../../../test/support/properties.js';
import { newUuid, publicId } from '#libs/kernel';
import { planSearch } from './search.js';
import { MAX_BUYER_MESSAGES, mayWrite, sentAs } from './support.js';

describe('a text pasted into the search', () => {
  const uuid = newUuid();

  it.each([
    ['an order id', publicId('order', uuid), { orderId: uuid, payload: publicId('order', uuid) }],
    ['our charge id', ` ${publicId('charge', uuid)}\n`, { chargeId: uuid }],
    [
      'a Telegram id, which a charge id could look like',
      '123456789',
      { telegramId: 123_456_789, telegramChargeId: '123456789', payload: '123456789' },
    ],
    ['a username as people write it', '@Some_Body', { username: 'some_body' }],
    [
      'a username, which a charge id could look like',
      'Some_Body',
      { username: 'some_body', telegramChargeId: 'Some_Body', payload: 'Some_Body' },
    ],
    [
      'a charge id of Telegram, or a payload',
      'stxAbC-_=:/123',
      { telegramChargeId: 'stxAbC-_=:/123', payload: 'stxAbC-_=:/123' },
    ],
    [
      'a number that no id can have',
      '9999999999999999',
      { username: '9999999999999999', telegramChargeId: '9999999999999999', payload: '9999999999999999' },
    ],
    [
      'another kind of id',
      publicId('refund', uuid),
      {
        username: publicId('refund', uuid),
        telegramChargeId: publicId('refund', uuid),
        payload: publicId('refund', uuid),
      },
    ],
    ['a malformed name', '@a b', {}],
  ])('is read as %s', (_, text, plan) => {
    expect(planSearch(text)).toEqual(plan);
  });

  it('never becomes an inexact number', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const { telegramId } = planSearch(text);
        return telegramId === undefined || Number.isSafeInteger(telegramId);
      }),
    );
  });
});

describe('a buyer', () => {
  it('can write twenty messages within an hour', () => {
    expect([MAX_BUYER_MESSAGES - 1, MAX_BUYER_MESSAGES].map(mayWrite)).toEqual([true, false]);
  });
});

describe('a stored file', () => {
  it.each([
    ['image/png', 10_000_000, 'photo'],
    ['image/png', 10_000_001, 'document'],
    ['image/svg+xml', 10, 'document'],
    ['application/pdf', 10, 'document'],
  ])('of type %s with %i bytes is sent as a %s', (mime, bytes, kind) => {
    expect(sentAs({ mime, bytes })).toBe(kind);
  });
});
