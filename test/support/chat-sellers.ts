import type { Backstage } from './backstage.js';
import { chatAt, type ChatKind, openChat } from './chats.js';
import { openStage, type Stage } from './stage.js';
import { Buyer, type Creator, eventually, type RegisteredBot, type Starwall } from './starwall.js';

export type View = Record<string, unknown> & { readonly id: string };
export interface Place {
  /** Its Telegram id. */
  readonly number: number;
  /** Its id in the API. */
  readonly id: string;
}

export const INVITES_ONLY = { status: 'administrator', rights: { can_invite_users: true } } as const;

/** Sets up a creator whose bot sells access to chats, for the calling suite. */
export function chatSellers() {
  let starwall: Starwall;
  let backstage: Backstage;
  let creator: Creator;
  let close: Stage['close'];
  let bot: RegisteredBot;

  beforeAll(async () => {
    ({ starwall, backstage, creator, close } = await openStage());
    bot = await creator.registerBot();
  });
  afterAll(() => close());

  async function place(type: ChatKind = 'supergroup'): Promise<Place> {
    const number = await openChat(starwall, bot, type);
    return { number, id: (await chatAt(creator, number)).id };
  }

  const accessTo = ({ id }: Place, changes: object = {}) => ({
    kind: 'chat_access',
    title: 'VIP',
    description: 'A place among friends',
    content: undefined,
    chat_id: id,
    ...changes,
  });
  const sells = (where: Place, changes: object = {}) => creator.createProduct(bot.id, accessTo(where, changes));
  const chat = async ({ id }: Place): Promise<View> => (await creator.get(`/v1/chats/${id}`).expect(200)).body;
  const product = async (id: string): Promise<View> => (await creator.get(`/v1/products/${id}`).expect(200)).body;
  const inChat = ({ number }: Place) => starwall.telegram.sharedChat(number);
  const standing = async (where: Place, { id }: { readonly id: number }) =>
    (await inChat(where)).members.find(({ user }) => user.id === id)?.status;
  const becomes = (where: Place, person: { readonly id: number }, wanted: string) =>
    eventually(`the person to be ${wanted}`, async () => (await standing(where, person)) === wanted);

  /** Returns the invite links that the bot has sent to a buyer, oldest first. */
  const inviteLinks = async (buyer: Buyer): Promise<string[]> =>
    (await buyer.messages()).flatMap(({ reply_markup: markup }) =>
      [...JSON.stringify(markup ?? '').matchAll(/"url":"(https:\/\/t\.me\/\+[^"]+)"/g)].map((found) =>
        String(found[1]),
      ),
    );
  const inviteLink = (buyer: Buyer, than = 0) =>
    eventually('an invite link', async () => {
      const found = await inviteLinks(buyer);
      return found.length > than ? found.at(-1) : undefined;
    });

  async function buys(productId: string, buyer?: Buyer): Promise<Buyer> {
    const who = buyer ?? (await Buyer.meets(starwall, bot.telegramId));
    expect(await who.pays(await who.wants(productId))).toMatchObject({ status: 'paid' });
    return who;
  }

  async function joins(where: Place, buyer: Buyer, link?: string): Promise<void> {
    await starwall.telegram.join(buyer.id, link ?? (await inviteLink(buyer)));
    await becomes(where, buyer, 'member');
    await accessOf(where, buyer, (it) => it['state'] === 'member');
  }

  const accessOf = (where: Place, buyer: Buyer, wanted: (it: View) => boolean) =>
    eventually('an access', async () => {
      const path = `/v1/chats/${where.id}/members?buyer_telegram_id=${buyer.id}`;
      return ((await creator.get(path).expect(200)).body.data as View[]).find(wanted);
    });

  const ages = async (where: Place, buyer: Buyer, by: string) =>
    backstage.ageAccess((await accessOf(where, buyer, () => true)).id, by);
  const buttonsOf = ({ reply_markup: markup }: Awaited<ReturnType<Buyer['messages']>>[number]) =>
    markup?.inline_keyboard
      .flat()
      .map((button) => [button.text, 'callback_data' in button ? button.callback_data : '']) ?? [];
  const daysLeft = ({ access_until: until }: View) => (Date.parse(String(until)) - Date.now()) / 86_400_000;

  /** Presses the last purchase in /orders, once it has been delivered. */
  async function asksAgain(buyer: Buyer): Promise<void> {
    await buyer.says('/orders');
    const list = await buyer.sees(({ text }) => text?.includes('Press one to receive it again') === true);
    const order = await eventually('the delivery', async () => {
      const [last] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
      return last.status === 'delivered' && last;
    });
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${order.id}`);
  }

  /** Creates a buyer who has paid and is a member. */
  async function member(where: Place, changes: object = { chat_access: { days: 30 } }) {
    const productId = await sells(where, changes);
    const buyer = await buys(productId);
    await joins(where, buyer);
    return { productId, buyer };
  }

  /** Returns the ids of all chats in the API with one of these Telegram ids. */
  async function rowsAt(...numbers: readonly number[]): Promise<string[]> {
    const { data } = (await creator.get('/v1/chats?limit=100').expect(200)).body;
    return (data as View[]).filter((it) => numbers.includes(Number(it['telegram_id']))).map(({ id }) => id);
  }

  /** Upgrades a group to a supergroup and loses Telegram's reports: all of them, or one kind. @returns the new Telegram id */
  async function upgradeUnreported({ number }: Place, kind?: 'message'): Promise<number> {
    const kinds = kind === undefined ? ['message', 'my_chat_member'] : [kind];
    await starwall.telegram.setFaults({ rules: kinds.map((name) => ({ at: 'queue', action: 'lose', name })) });
    const grown = await starwall.telegram.upgradeGroup(number);
    await starwall.telegram.setFaults({ rules: [] });
    return grown.id;
  }

  return {
    get starwall() {
      return starwall;
    },
    get backstage() {
      return backstage;
    },
    get creator() {
      return creator;
    },
    get bot() {
      return bot;
    },
    place,
    accessTo,
    sells,
    chat,
    product,
    inChat,
    standing,
    becomes,
    inviteLinks,
    inviteLink,
    buys,
    joins,
    accessOf,
    ages,
    buttonsOf,
    daysLeft,
    asksAgain,
    member,
    rowsAt,
    upgradeUnreported,
  };
}
