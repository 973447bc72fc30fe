import { newUuid } from '#libs/kernel';
import { offerOf, offerPayload } from './offer-payload.js';

describe('the payload of an invoice that anyone can pay', () => {
  it.each([undefined, 'blog', 's'.repeat(64)])(
    "contains the product, the price and source %s, within Telegram's limit",
    (source) => {
      const offer = { productId: newUuid(), priceVersion: 999_999_999, source };
      const payload = offerPayload(offer);
      expect(offerOf(payload)).toEqual(offer);
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(128);
    },
  );

  const good = offerPayload({ productId: newUuid(), priceVersion: 1 });
  it.each([
    ['an order', 'ord_01h2xcejqtf2nbrexx3vqjhp41'],
    ['nothing', ''],
    ['a product with a malformed id', good.replace(/prod_./, 'prod_z')],
    ['version 0', good.replace(/:1$/, ':0')],
    ['a version with a leading zero', good.replace(/:1$/, ':01')],
    ['an empty source', `${good}:`],
    ['a source that is too long', `${good}:${'s'.repeat(65)}`],
    ['a second line', `${good}\n`],
    ['capitals', good.toUpperCase()],
  ])('is not read from %s', (_what, payload) => {
    expect(offerOf(payload)).toBeUndefined();
  });
});
