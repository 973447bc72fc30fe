import type { OwnedGift } from 'grammy/types';
import type { Database } from '#libs/database';
import type { BotCalls } from '#libs/tenants';
import { BusinessAccounts } from './business-account.service.js';
import type { BusinessConnections } from './business-connection.service.js';
import type { SpendingService } from './spending.service.js';

const now = new Date('2026-12-01T00:00:00Z');
const asker = { tenantId: 'tenant', key: 'key', by: 'acc_1' };
const consent = { confirm: true, maxStars: 100 };
const VIEW = 'can_view_gifts_and_stars';
const UPGRADE = 'can_transfer_and_upgrade_gifts';

type Plan = { stars: number; gains?: number; call: (api: unknown) => unknown };
type Planned = (bot: unknown) => Promise<Plan>;

/** Creates accounts that give the bot these rights, with the wanted gift on one page. */
function accountsWith(rights: readonly string[], gift: Partial<OwnedGift> = {}, place = 1, pages = place) {
  const api = {
    getBusinessAccountStarBalance: vi.fn<() => Promise<object>>(async () => ({ amount: 7 })),
    getBusinessAccountGifts: vi.fn<(name: string, page: { limit: number; offset?: string }) => Promise<object>>(
      async (_name, { offset }) => {
        const page = Number(offset ?? 1);
        const gifts = page === place ? [{ owned_gift_id: 'wanted', ...gift }] : [{ owned_gift_id: `other${page}` }];
        return { gifts, ...(page < pages ? { next_offset: `${page + 1}` } : { next_offset: '' }) };
      },
    ),
  };
  const connection = { botId: 'bot', userId: 5, telegramConnectionId: 'name', enabled: true, rights };
  const fakes = [
    { inTenant: (_tenantId: string, work: (tx: unknown) => unknown) => work({}) } as unknown as Database,
    { get: async () => connection, fresh: async () => connection } as unknown as BusinessConnections,
    {
      open: async () => 'the bot',
      ask: (_bot: unknown, work: (given: unknown) => unknown) => work(api),
    } as unknown as BotCalls,
    {
      once: (_tenantId: string, _wish: unknown, planned: Planned) => planned('the bot'),
    } as unknown as SpendingService,
    { now: () => now },
  ] as const;
  return { api, accounts: new BusinessAccounts(...fakes) };
}

const regular = (changes: object): Partial<OwnedGift> =>
  ({
    type: 'regular',
    can_be_upgraded: true,
    convert_star_count: 12,
    ...changes,
  }) as Partial<OwnedGift>;
const upgrade = ({ accounts }: ReturnType<typeof accountsWith>) =>
  accounts.upgrade(asker, 'connection', {
    ...consent,
    ownedGiftId: 'wanted',
    keepDetails: true,
  }) as unknown as Promise<Plan>;
const free = regular({ prepaid_upgrade_star_count: 25 });

describe('a gift of an account', () => {
  it.each([1, 2, 20])('is found on page %d', async (place) => {
    const it = accountsWith([VIEW, UPGRADE], free, place, 30);
    expect((await upgrade(it)).stars).toBe(0);
    const asked = it.api.getBusinessAccountGifts.mock.calls.map(([, page]) => page);
    expect(asked).toHaveLength(place);
    expect(asked[0]).toEqual({ limit: 100 });
  });

  it.each([
    ['after twenty pages', 21, 30, 20],
    ['after the last page', 9, 2, 2],
  ])('is not searched for %s', async (_when, place, pages, asked) => {
    const it = accountsWith([VIEW, UPGRADE], free, place, pages);
    await expect(upgrade(it)).rejects.toThrow('no such gift');
    expect(it.api.getBusinessAccountGifts).toHaveBeenCalledTimes(asked);
  });

  it('requires one more right for an upgrade that costs Stars', async () => {
    const costly = regular({ gift: { upgrade_star_count: 25 } });
    await expect(upgrade(accountsWith([VIEW, UPGRADE], costly))).rejects.toThrow('the right can_transfer_stars');
    expect((await upgrade(accountsWith([VIEW, UPGRADE, 'can_transfer_stars'], costly))).stars).toBe(25);
    await expect(upgrade(accountsWith([VIEW], free))).rejects.toThrow(UPGRADE);
  });

  it('can be converted with the rights to view and to convert', async () => {
    const convert = (rights: readonly string[]) => {
      const wish = { ...consent, ownedGiftId: 'wanted' };
      return accountsWith(rights, regular({})).accounts.convert(asker, 'connection', wish) as unknown as Promise<Plan>;
    };
    expect(await convert([VIEW, 'can_convert_gifts_to_stars'])).toMatchObject({ stars: 0, gains: 12 });
    await expect(convert([VIEW])).rejects.toThrow('can_convert_gifts_to_stars');
    await expect(convert(['can_convert_gifts_to_stars'])).rejects.toThrow(VIEW);
  });

  it('is transferred at its price', async () => {
    const unique = { type: 'unique', can_be_transferred: true, transfer_star_count: 9 } as Partial<OwnedGift>;
    const transfer = (rights: readonly string[]) => {
      const wish = { ...consent, ownedGiftId: 'wanted', toId: 8 };
      return accountsWith(rights, unique).accounts.transferGift(asker, 'connection', wish) as unknown as Promise<Plan>;
    };
    expect((await transfer([VIEW, UPGRADE, 'can_transfer_stars'])).stars).toBe(9);
    await expect(transfer([VIEW, UPGRADE])).rejects.toThrow('can_transfer_stars');
  });
});

describe('the Stars of an account', () => {
  it('can be moved with the right to transfer them', async () => {
    const move = (rights: readonly string[]) =>
      accountsWith(rights).accounts.transferStars(asker, 'connection', 5, consent) as unknown as Promise<Plan>;
    expect((await move(['can_transfer_stars'])).stars).toBe(5);
    await expect(move([VIEW])).rejects.toThrow('can_transfer_stars');
  });

  it('and its gifts are shown with the right to view them', async () => {
    const shown = accountsWith([VIEW]);
    expect(await shown.accounts.balance('tenant', 'connection')).toEqual({ amount: 7 });
    await shown.accounts.gifts('tenant', 'connection', { limit: 10, offset: '2' });
    expect(shown.api.getBusinessAccountGifts).toHaveBeenCalledWith('name', { limit: 10, offset: '2' });
    const hidden = accountsWith([]);
    await expect(hidden.accounts.balance('tenant', 'connection')).rejects.toThrow(VIEW);
    await expect(hidden.accounts.gifts('tenant', 'connection', { limit: 10, offset: undefined })).rejects.toThrow(VIEW);
  });
});
