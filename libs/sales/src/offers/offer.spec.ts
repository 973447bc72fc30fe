import { newUuid } from '#libs/kernel';
import { offerOf, offerPayload } from './offer.js';

describe('the payload of an invoice that anybody may pay', () => {
  it.each([undefined, 'blog', 's'.repeat(64)])(
    'says product, price and source %p, in the bytes that Telegram takes',
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
    ['a product that is no id', good.replace(/prod_./, 'prod_z')],
    ['version 0', good.replace(/:1$/, ':0')],
    ['a version with a zero before it', good.replace(/:1$/, ':01')],
    ['an empty source', `${good}:`],
    ['a source that is too long', `${good}:${'s'.repeat(65)}`],
    ['a second line', `${good}\n`],
    ['capitals', good.toUpperCase()],
  ])('is not read out of %s', (_what, payload) => {
    expect(offerOf(payload)).toBeUndefined();
  });
});
