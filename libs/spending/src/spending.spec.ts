import type { Gift, OwnedGift } from 'grammy/types';
import { DomainError } from '#libs/kernel';
import { assertRights, rightsOf } from './business.js';
import { quoteConversion, quoteGift, quoteGiftTransfer, quoteUpgrade } from './gift.js';
import { assertConsent, assertSpendingMove, fingerprintOf, SPENDING_STATES } from './spending.js';

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof DomainError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe('consent', () => {
  const consent = { confirm: true, maxStars: 20 };

  it('covers costs up to the ceiling', () => {
    expect(codeOf(() => assertConsent('gift', { stars: 20 }, consent))).toBe('none');
    expect(codeOf(() => assertConsent('gift', { stars: 21 }, consent))).toMatch(/^ceiling_exceeded: It costs 21 Stars/);
  });

  it('covers gains of at least the minimum', () => {
    const least = { confirm: true, maxStars: 0, minGain: 12 };
    expect(codeOf(() => assertConsent('gift_conversion', { stars: 0, gains: 12 }, least))).toBe('none');
    expect(codeOf(() => assertConsent('gift_conversion', { stars: 0, gains: 11 }, least))).toMatch(/^ceiling_exceeded/);
  });

  it.each([
    ['gift', { stars: 15 }, "spend 15 Stars of the bot's balance"],
    ['star_transfer', { stars: 15 }, 'spend 15 Stars of the business account'],
    ['gift_conversion', { stars: 0, gains: 12 }, 'convert a gift into 12 Stars'],
  ] as const)('to a %s is requested with a description of its effects', (kind, quote, words) => {
    const said = codeOf(() => assertConsent(kind, quote, { ...consent, confirm: false }));
    expect(said).toMatch(/^confirmation_required/);
    expect(said).toContain(words);
  });
});

describe('a spending', () => {
  it('is never started again when it is done or its outcome is unknown', () => {
    for (const from of SPENDING_STATES) {
      const again = codeOf(() => assertSpendingMove(from, 'begun'));
      expect(again === 'none').toBe(from === 'refused');
    }
  });

  it('is the same request for any order of its facts', () => {
    const one = fingerprintOf('gift', 'b', { a: 1, b: 'x' });
    expect(fingerprintOf('gift', 'b', { b: 'x', a: 1 })).toEqual(one);
    expect(fingerprintOf('gift', 'b', { b: 'y', a: 1 })).not.toEqual(one);
    expect(fingerprintOf('premium', 'b', { a: 1, b: 'x' })).not.toEqual(one);
  });
});

describe('the price of a gift', () => {
  const gift = { id: 'g', star_count: 15 } as Gift;
  const regular = { type: 'regular', gift: { ...gift, upgrade_star_count: 25 }, can_be_upgraded: true } as OwnedGift;
  const unique = { type: 'unique', can_be_transferred: true, transfer_star_count: 30 } as OwnedGift;
  const now = new Date('2026-06-01T00:00:00Z');

  it("is Telegram's, plus the upgrade if requested", () => {
    expect(quoteGift(gift, false)).toEqual({ stars: 15 });
    expect(quoteGift({ ...gift, upgrade_star_count: 10 }, true)).toEqual({ stars: 25 });
    expect(quoteGift({ ...gift, upgrade_star_count: 10, remaining_count: 1 }, false)).toEqual({ stars: 15 });
    expect(codeOf(() => quoteGift(gift, true))).toMatch(/^gift_unusable/);
    expect(codeOf(() => quoteGift({ ...gift, remaining_count: 0 }, false))).toMatch(/it is sold out/);
  });

  it('for its owner is the price of the upgrade, unless the giver has paid', () => {
    expect(quoteUpgrade(regular)).toEqual({ stars: 25 });
    expect(quoteUpgrade({ ...regular, prepaid_upgrade_star_count: 25 } as OwnedGift)).toEqual({ stars: 0 });
    expect(quoteUpgrade({ ...regular, prepaid_upgrade_star_count: 0 } as OwnedGift)).toEqual({ stars: 25 });
    expect(quoteUpgrade({ ...regular, gift, prepaid_upgrade_star_count: 1 } as OwnedGift)).toEqual({ stars: 0 });
    for (const gift of [unique, { ...regular, can_be_upgraded: false }, { ...unique, can_be_upgraded: true }])
      expect(codeOf(() => quoteUpgrade(gift as OwnedGift))).toMatch(/^gift_unusable/);
    expect(codeOf(() => quoteUpgrade({ ...regular, gift } as OwnedGift))).toMatch(/^gift_unusable/);
  });

  it('for its owner is the price of the transfer, once it is allowed', () => {
    expect(quoteGiftTransfer(unique, now)).toEqual({ stars: 30 });
    const later = { ...unique, next_transfer_date: now.getTime() / 1_000 + 60 } as OwnedGift;
    expect(codeOf(() => quoteGiftTransfer(later, now))).toMatch(/before 2026-06-01T00:01:00/);
    const allowed = { ...unique, next_transfer_date: now.getTime() / 1_000 } as OwnedGift;
    expect(quoteGiftTransfer(allowed, now)).toEqual({ stars: 30 });
    expect(quoteGiftTransfer({ type: 'unique', can_be_transferred: true } as OwnedGift, now)).toEqual({ stars: 0 });
    for (const gift of [regular, { ...unique, can_be_transferred: false }, { ...regular, can_be_transferred: true }])
      expect(codeOf(() => quoteGiftTransfer(gift as OwnedGift, now))).toMatch(/^gift_unusable/);
  });

  it('is zero for a conversion, which yields Stars', () => {
    expect(quoteConversion({ ...regular, convert_star_count: 12 } as OwnedGift)).toEqual({ stars: 0, gains: 12 });
    for (const gift of [regular, { ...unique, convert_star_count: 12 }])
      expect(codeOf(() => quoteConversion(gift as OwnedGift))).toMatch(/^gift_unusable/);
  });
});

describe('the rights of a connection', () => {
  it('are those granted, including unknown ones', () => {
    const rights = { can_transfer_stars: true, can_dance: true, can_reply: undefined } as object;
    expect(rightsOf(rights)).toEqual(['can_dance', 'can_transfer_stars']);
    expect(rightsOf(undefined)).toEqual([]);
  });

  it('are reported by name when missing, and an ended connection has none', () => {
    const connection = { enabled: true, rights: ['can_transfer_stars'] };
    expect(codeOf(() => assertRights(connection, 'can_transfer_stars'))).toBe('none');
    const missing = codeOf(() => assertRights(connection, 'can_view_gifts_and_stars', 'can_transfer_stars'));
    expect(missing).toMatch(/^business_right_missing: .*the right can_view_gifts_and_stars\.$/);
    const none = codeOf(() =>
      assertRights({ ...connection, rights: [] }, 'can_view_gifts_and_stars', 'can_transfer_stars'),
    );
    expect(none).toMatch(/the rights can_view_gifts_and_stars, can_transfer_stars\.$/);
    const over = codeOf(() => assertRights({ ...connection, enabled: false }, 'can_transfer_stars'));
    expect(over).toMatch(/^business_connection_disabled/);
  });
});
