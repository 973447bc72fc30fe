import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;
beforeAll(async () => {
  starwall = await startStarwall();
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterAll(() => starwall.stop());

interface Listed {
  readonly telegram_id: number;
  readonly bot_id: string;
  readonly first_name: string;
  readonly paid: { readonly count: number; readonly stars: number; readonly last_at: string | null };
}

const list = async (who: Creator, query = '') => (await who.get(`/v1/buyers?${query}`).expect(200)).body;
const names = async (query: string) => (await list(creator, query)).data.map((one: Listed) => one.first_name);

async function meet(person: Parameters<typeof Buyer.meets>[3]): Promise<Buyer> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, person);
  await buyer.says('/start');
  await eventually('the buyer', async () =>
    (await list(creator, 'limit=100')).data.some((one: Listed) => one.telegram_id === buyer.id),
  );
  return buyer;
}

describe('the list of buyers', () => {
  it('is ordered newest first, paged, and includes the number of paid orders', async () => {
    const [ada, ben] = [await meet({ first_name: 'Ada' }), await meet({ first_name: 'Ben', last_name: 'Ost' })];
    const product = await creator.createProduct(bot.id);
    await ben.pays(await ben.wants(product));
    await eventually('the payment', async () => (await list(creator, 'limit=1')).data[0].paid.count === 1);
    const first = await list(creator, 'limit=1');
    expect(first).toMatchObject({
      has_more: true,
      data: [{ telegram_id: ben.id, paid: { count: 1, stars: 50, last_at: expect.any(String) } }],
    });
    const second = await list(creator, `limit=1&starting_after=${ben.id}:${bot.id}`);
    expect(second.data[0]).toMatchObject({ telegram_id: ada.id, paid: { count: 0, stars: 0, last_at: null } });
    expect(await list(creator, `limit=5&ending_before=${ada.id}:${bot.id}`)).toEqual({ ...first, has_more: false });
  });

  it('finds a buyer by name prefix, username or id, and escapes special characters', async () => {
    const mira = await meet({ first_name: 'Mira', last_name: 'Lantern', username: 'mira_l' });
    await meet({ first_name: '100% Kai' });
    expect(await names('search=mi')).toEqual(['Mira']);
    expect(await names('search=LANT')).toEqual(['Mira']);
    expect(await names('search=@mira_')).toEqual(['Mira']);
    expect(await names(`search=${mira.id}`)).toEqual(['Mira']);
    expect(await names('search=100%25')).toEqual(['100% Kai']);
    expect(await names('search=%25')).toEqual([]);
    expect(await names('search=_ira')).toEqual([]);
    expect(await names('search=antern')).toEqual([]);
  });

  it('can be limited to one bot, and is empty for another workspace', async () => {
    const other = await creator.registerBot('Another');
    expect((await list(creator, `bot_id=${other.id}`)).data).toEqual([]);
    const stranger = await Creator.signUp(starwall);
    expect((await list(stranger)).data).toEqual([]);
    expect((await list(stranger, `bot_id=${bot.id}`)).data).toEqual([]);
    await creator.get('/v1/buyers?starting_after=mira').expect(400);
  });

  it('includes a buyer whom the bot has not been able to answer yet', async () => {
    const down = { at: 'call', action: 'error500', name: 'sendMessage', botId: bot.telegramId } as const;
    await starwall.telegram.setFaults({ rules: [down] });
    await meet({ first_name: 'Unanswered' });
    await starwall.telegram.setFaults({ rules: [] });
    expect(await names('search=unanswered')).toEqual(['Unanswered']);
  });

  it('does not include erased buyers', async () => {
    const gone = await meet({ first_name: 'Gone' });
    await creator.post(`/v1/buyers/${gone.id}/erase`).expect(200);
    expect(await names('search=gone')).toEqual([]);
    expect((await list(creator, 'limit=100')).data.some((one: Listed) => one.telegram_id <= 0)).toBe(false);
  });
});
