import type { MethodName } from '../../apps/simulator/src/api/parameters.js';
import { invoice, type Stage, until } from './support.js';

/** A one-pixel picture. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const TITLE = { type: 'article', id: '1', title: 'Guide', input_message_content: { message_text: 'hi' } };

/** The chats, people and files of a small world, for use in calls. */
export interface Scenery {
  readonly stage: Stage;
  readonly chat_id: number;
  readonly group: number;
  readonly channel: number;
  readonly connection: string;
  readonly files: Readonly<Record<'photo' | 'document' | 'video' | 'voice' | 'audio' | 'animation', string>>;
}

export async function openScenery(stage: Stage): Promise<Scenery> {
  const { client, bot, buyer, simulator } = stage;
  await client.setUpBot(bot.id, { inline: true, business: true });
  const shared = async (type: 'supergroup' | 'channel', rights: readonly string[]) => {
    const { id } = await client.createSharedChat({ type, title: 'Stars', ownerId: buyer.id });
    const granted = Object.fromEntries(rights.map((right) => [right, true]));
    await client.setMember(id, bot.id, { status: 'administrator', rights: granted });
    return id;
  };
  const rights = ['can_restrict_members', 'can_invite_users', 'can_delete_messages'];
  const [group, channel] = [
    await shared('supergroup', rights),
    await shared('channel', [...rights, 'can_post_messages']),
  ];
  const { id: connection } = await client.connectBusiness(stage.chat, {
    rights: [
      'can_view_gifts_and_stars',
      'can_transfer_stars',
      'can_convert_gifts_to_stars',
      'can_transfer_and_upgrade_gifts',
    ],
  });
  await client.topUp(buyer.id, 100_000);
  const file = (kind: keyof Scenery['files']): string =>
    simulator.world.files.store(kind, bot.id, {
      name: 'file.png',
      mimeType: 'image/png',
      bytes: Buffer.from(PIXEL, 'base64'),
    }).ref.file_id;
  const files = {
    photo: file('photo'),
    document: file('document'),
    video: file('video'),
    voice: file('voice'),
    audio: file('audio'),
    animation: file('animation'),
  };
  return { stage, chat_id: buyer.id, group, channel, connection, files };
}

async function sent({ stage, chat_id }: Scenery, method: string, parameters: object): Promise<number> {
  const { result } = await stage.call(method, { chat_id, ...parameters });
  return (result as { message_id: number }).message_id;
}

const message = (scenery: Scenery): Promise<number> => sent(scenery, 'sendMessage', { text: 'hi' });
const picture = (scenery: Scenery): Promise<number> => sent(scenery, 'sendPhoto', { photo: scenery.files.photo });

const pending = <Kind extends 'inline_query' | 'pre_checkout_query' | 'callback_query'>(
  { stage }: Scenery,
  kind: Kind,
): Promise<string> => {
  const { queue } = stage.simulator.world.bot(stage.bot.id);
  const last = () => queue.pending().findLast((each) => each.kind === kind)?.update[kind]?.id;
  return until(last, kind);
};

/** Pays an invoice link without waiting for the outcome. */
async function paying(scenery: Scenery, terms: object): Promise<void> {
  const { client, bot, buyer, call, simulator } = scenery.stage;
  simulator.world.bot(bot.id).queue.clear();
  const { result } = await call('createInvoiceLink', invoice(0, terms));
  void client.payLink(buyer.id, String(result));
}

async function paid(scenery: Scenery, terms: object = {}): Promise<string> {
  const { stage } = scenery;
  await paying(scenery, terms);
  const query = await pending(scenery, 'pre_checkout_query');
  await stage.call('answerPreCheckoutQuery', { pre_checkout_query_id: query, ok: true });
  const { transactions } = await stage.client.transactions(stage.bot.id);
  return transactions.at(-1)?.id ?? '';
}

async function gift(scenery: Scenery, unique = false): Promise<string> {
  const { client, buyer } = scenery.stage;
  const giver = await client.createUser({ first_name: 'Gia' });
  await client.topUp(giver.id, 10_000);
  const known = await client.gifts();
  const wanted = known.find(({ upgrade_star_count }) => upgrade_star_count !== undefined);
  await client.giveGift({ fromUserId: giver.id, toUserId: buyer.id, giftId: wanted?.id ?? '' });
  const owned = scenery.stage.simulator.world.person(buyer.id).gifts.at(-1);
  if (unique) {
    await scenery.stage.call('upgradeGift', {
      business_connection_id: scenery.connection,
      owned_gift_id: owned?.id,
      star_count: wanted?.upgrade_star_count,
    });
  }
  return owned?.id ?? '';
}

async function guest({ stage, group }: Scenery): Promise<number> {
  const person = await stage.client.createUser({ first_name: 'Guy' });
  await stage.client.setMember(group, person.id, { status: 'member' });
  return person.id;
}

async function link({ stage, group, channel }: Scenery, kind: 'plain' | 'paid' | 'asking' = 'plain'): Promise<string> {
  const terms = { subscription_period: 2_592_000, subscription_price: 5 };
  const { result } =
    kind === 'paid'
      ? await stage.call('createChatSubscriptionInviteLink', { chat_id: channel, ...terms })
      : await stage.call('createChatInviteLink', { chat_id: group, creates_join_request: kind === 'asking' });
  return (result as { invite_link: string }).invite_link;
}

async function asking(scenery: Scenery): Promise<object> {
  const { client } = scenery.stage;
  const person = await client.createUser({ first_name: 'Asa' });
  await client.join(person.id, await link(scenery, 'asking'));
  return { chat_id: scenery.group, user_id: person.id };
}

const pressed = async (scenery: Scenery): Promise<string> => {
  const reply_markup = { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] };
  const id = await sent(scenery, 'sendMessage', { text: 'hi', reply_markup });
  await scenery.stage.client.press(scenery.stage.chat, id, 'x');
  return pending(scenery, 'callback_query');
};

async function asked(scenery: Scenery): Promise<string> {
  const { client, bot, buyer, simulator } = scenery.stage;
  simulator.world.bot(bot.id).queue.clear();
  void client.inlineQuery({ botId: bot.id, userId: buyer.id, query: 'x' });
  return pending(scenery, 'inline_query');
}

type Example = (scenery: Scenery) => object | Promise<object>;

const nothing: Example = () => ({});
const inGroup: Example = ({ group }) => ({ chat_id: group });
const account: Example = ({ connection }) => ({ business_connection_id: connection });
const fromMany: Example = async (scenery) => ({
  chat_id: scenery.chat_id,
  from_chat_id: scenery.chat_id,
  message_ids: [await message(scenery)],
});
const fromOne: Example = async (scenery) => ({
  chat_id: scenery.chat_id,
  from_chat_id: scenery.chat_id,
  message_id: await message(scenery),
});

/** The parameters of an accepted call, by method. */
export const EXAMPLES: Readonly<Record<MethodName, Example>> = {
  getMe: nothing,
  getUpdates: nothing,
  setWebhook: () => ({ url: 'http://127.0.0.1:9/' }),
  deleteWebhook: nothing,
  getWebhookInfo: nothing,
  sendInvoice: ({ chat_id }) => invoice(chat_id),
  createInvoiceLink: () => invoice(0),
  answerPreCheckoutQuery: async (scenery) => {
    await paying(scenery, {});
    return { pre_checkout_query_id: await pending(scenery, 'pre_checkout_query'), ok: true };
  },
  refundStarPayment: async (scenery) => ({
    user_id: scenery.chat_id,
    telegram_payment_charge_id: await paid(scenery),
  }),
  editUserStarSubscription: async (scenery) => ({
    user_id: scenery.chat_id,
    telegram_payment_charge_id: await paid(scenery, { subscription_period: 2_592_000 }),
    is_canceled: true,
  }),
  getMyStarBalance: nothing,
  getStarTransactions: nothing,

  sendMessage: ({ chat_id }) => ({ chat_id, text: 'hi' }),
  sendPhoto: ({ chat_id, files: { photo } }) => ({ chat_id, photo }),
  sendDocument: ({ chat_id, files: { document } }) => ({ chat_id, document }),
  sendVideo: ({ chat_id, files: { video } }) => ({ chat_id, video }),
  sendAnimation: ({ chat_id, files: { animation } }) => ({ chat_id, animation }),
  sendAudio: ({ chat_id, files: { audio } }) => ({ chat_id, audio }),
  sendVoice: ({ chat_id, files: { voice } }) => ({ chat_id, voice }),
  sendMediaGroup: ({ chat_id, files: { photo: media } }) => ({
    chat_id,
    media: [
      { type: 'photo', media },
      { type: 'photo', media },
    ],
  }),
  sendPaidMedia: ({ chat_id, files: { photo: media } }) => ({
    chat_id,
    star_count: 5,
    media: [{ type: 'photo', media }],
  }),
  sendChatAction: ({ chat_id }) => ({ chat_id, action: 'typing' }),
  forwardMessage: fromOne,
  forwardMessages: fromMany,
  copyMessage: fromOne,
  copyMessages: fromMany,
  editMessageText: async (scenery) => ({
    chat_id: scenery.chat_id,
    message_id: await message(scenery),
    text: 'other',
  }),
  editMessageCaption: async (scenery) => ({
    chat_id: scenery.chat_id,
    message_id: await picture(scenery),
    caption: 'other',
  }),
  editMessageMedia: async (scenery) => ({
    chat_id: scenery.chat_id,
    message_id: await picture(scenery),
    media: { type: 'document', media: scenery.files.document },
  }),
  editMessageReplyMarkup: async (scenery) => ({
    chat_id: scenery.chat_id,
    message_id: await message(scenery),
    reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] },
  }),
  deleteMessage: async (scenery) => ({ chat_id: scenery.chat_id, message_id: await message(scenery) }),
  deleteMessages: async (scenery) => ({ chat_id: scenery.chat_id, message_ids: [await message(scenery)] }),
  answerCallbackQuery: async (scenery) => ({ callback_query_id: await pressed(scenery) }),
  getFile: ({ files: { photo } }) => ({ file_id: photo }),

  answerInlineQuery: async (scenery) => ({ inline_query_id: await asked(scenery), results: [TITLE] }),
  answerWebAppQuery: async ({ stage }) => ({
    web_app_query_id: await stage.client.openWebApp(stage.chat),
    result: TITLE,
  }),
  savePreparedInlineMessage: ({ chat_id }) => ({ user_id: chat_id, result: TITLE }),

  getAvailableGifts: nothing,
  sendGift: async (scenery) => {
    await paid(scenery, { prices: [{ label: 'x', amount: 5_000 }] });
    const [cheap] = await scenery.stage.client.gifts();
    return { user_id: scenery.chat_id, gift_id: cheap?.id };
  },
  giftPremiumSubscription: async (scenery) => {
    await paid(scenery, { prices: [{ label: 'x', amount: 1_000 }] });
    return { user_id: scenery.chat_id, month_count: 3, star_count: 1_000 };
  },
  getBusinessConnection: account,
  getBusinessAccountStarBalance: account,
  transferBusinessAccountStars: ({ connection }) => ({ business_connection_id: connection, star_count: 1 }),
  getBusinessAccountGifts: account,
  getUserGifts: ({ chat_id }) => ({ user_id: chat_id }),
  convertGiftToStars: async (scenery) => ({
    business_connection_id: scenery.connection,
    owned_gift_id: await gift(scenery),
  }),
  upgradeGift: async (scenery) => {
    const owned_gift_id = await gift(scenery);
    const { gifts } = scenery.stage.simulator.world.person(scenery.chat_id);
    const star_count = gifts.find(({ id }) => id === owned_gift_id)?.gift.upgrade_star_count;
    return { business_connection_id: scenery.connection, owned_gift_id, star_count };
  },
  transferGift: async (scenery) => ({
    business_connection_id: scenery.connection,
    owned_gift_id: await gift(scenery, true),
    new_owner_chat_id: await guest(scenery),
    star_count: 25,
  }),

  getChat: inGroup,
  getChatMember: ({ group, chat_id }) => ({ chat_id: group, user_id: chat_id }),
  getChatMemberCount: inGroup,
  getChatAdministrators: inGroup,
  leaveChat: async ({ stage, chat_id }) => {
    const { id } = await stage.client.createSharedChat({ type: 'group', title: 'Left', ownerId: chat_id });
    await stage.client.setMember(id, stage.bot.id, { status: 'member' });
    return { chat_id: id };
  },
  banChatMember: async (scenery) => ({ chat_id: scenery.group, user_id: await guest(scenery) }),
  unbanChatMember: async (scenery) => ({ chat_id: scenery.group, user_id: await guest(scenery) }),
  createChatInviteLink: inGroup,
  editChatInviteLink: async (scenery) => ({ chat_id: scenery.group, invite_link: await link(scenery) }),
  exportChatInviteLink: inGroup,
  createChatSubscriptionInviteLink: ({ channel }) => ({
    chat_id: channel,
    subscription_period: 2_592_000,
    subscription_price: 5,
  }),
  editChatSubscriptionInviteLink: async (scenery) => ({
    chat_id: scenery.channel,
    invite_link: await link(scenery, 'paid'),
  }),
  revokeChatInviteLink: async (scenery) => ({ chat_id: scenery.group, invite_link: await link(scenery) }),
  approveChatJoinRequest: asking,
  declineChatJoinRequest: asking,

  setMyCommands: () => ({ commands: [{ command: 'shop', description: 'What is sold' }] }),
  getMyCommands: nothing,
  deleteMyCommands: nothing,
  setMyName: () => ({ name: 'Shop' }),
  getMyName: nothing,
  setMyDescription: nothing,
  getMyDescription: nothing,
  setMyShortDescription: nothing,
  getMyShortDescription: nothing,
  setChatMenuButton: nothing,
  getChatMenuButton: nothing,
};
