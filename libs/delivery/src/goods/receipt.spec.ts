import { newUuid, publicId, stars } from '#libs/kernel';
import { OwnTexts, Phrasebook } from '#libs/texts';
import { fc } from '../../../../test/support/properties.js';
import { creditsAdded, creditsAgain, receipt } from './receipt.js';

describe('a receipt', () => {
  const orderId = newUuid();
  const paidAt = new Date('2026-06-01T12:34:56Z');
  const [english, russian] = [new Phrasebook('en'), new Phrasebook('ru')];

  it('contains the product, the price, the time and the way to get help', () => {
    const { text } = receipt({ orderId, title: 'Guide', stars: stars(50), paidAt }, english);
    expect(text).toContain('Guide');
    expect(text).toContain('50 Stars, 1 Jun 2026, 12:34 UTC');
    expect(text).toContain(publicId('order', orderId));
    expect(text).toContain('/paysupport');
    expect(receipt({ orderId, title: 'Guide', stars: stars(1), paidAt }, english).text).toContain('1 Star,');
  });

  it.each([
    [1, '1 звезда'],
    [3, '3 звезды'],
    [50, '50 звёзд'],
    [51, '51 звезда'],
  ])('counts %i as %s in Russian', (n, words) => {
    const { text } = receipt({ orderId, title: 'Гид', stars: stars(n), paidAt }, russian);
    expect(text).toMatch(new RegExp(`^Чек: Гид\\nОплачено: ${words}, 1 июн. 2026 г., 12:34 UTC\\nЗаказ: ord_`));
  });

  it("contains the buyer's balance of credits", () => {
    const credits = { unit: 'scan', amount: 100, expiresAt: new Date('2026-07-01T12:00:00Z'), available: 1_350 };
    const { text, entities } = receipt({ orderId, title: '100 scans', stars: stars(50), paidAt, credits }, english);
    expect(text).toContain('\nYour balance: 1,350 scans\n');
    const marked = entities.map(({ offset, length }) => text.slice(offset, offset + length));
    expect(marked).toEqual(['Receipt: 100 scans', publicId('order', orderId)]);
    expect(creditsAdded(credits, english)).toContain(
      '100 scans added. They are good until 1 Jul 2026.\nYour balance: 1,350 scans.',
    );
    expect(creditsAdded({ ...credits, expiresAt: null }, english)).toContain('100 scans added.\nYour balance');
    expect(creditsAgain(credits, english)).toMatch(/^With this you bought 100 scans\. Your balance now: 1,350 scans\./);
  });

  it('attack 26: keeps its formatting apart from its text, so that titles can contain anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 32 }), (title) => {
        const { text, entities } = receipt({ orderId, title, stars: stars(50), paidAt }, english);
        const marked = entities.map(({ offset, length }) => text.slice(offset, offset + length));
        expect(marked).toEqual([`Receipt: ${title}`, publicId('order', orderId)]);
      }),
    );
    const title = '<b>🔑 & _x_</b>';
    const { text, entities } = receipt({ orderId, title, stars: stars(50), paidAt }, english);
    const marked = entities.map(({ offset, length }) => text.slice(offset, offset + length));
    expect(marked).toEqual([`Receipt: ${title}`, publicId('order', orderId)]);
  });

  it("can omit the order number in the creator's own words", () => {
    const own = { productId: null, language: 'en', key: 'receipt.order', text: 'Thank you!' } as const;
    const words = new Phrasebook('en', new OwnTexts([own]));
    const { text, entities } = receipt({ orderId, title: 'Guide', stars: stars(50), paidAt }, words);
    expect(text).toContain('\nThank you!\n');
    expect(entities.map(({ type }) => type)).toEqual(['bold']);
  });
});
