import { clip } from '#libs/kernel';
import { badRequest } from '../world/errors.js';
import { DEAREST_SUBSCRIPTION } from './invoice-terms.js';
import { chatId, flag, integer, type Reader, type Readers, requiredText, text, unseen, userId } from './readers.js';

const LONGEST_NAME = 32;
const LARGEST_LIMIT = 99_999;

/** TDLib truncates longer names. */
const linkName: Reader<string> = (input, name) =>
  clip(text(input, name).trim(), LONGEST_NAME, { unit: 'code points', mark: '' });

/** The wording is assumed. */
const channelPrice: Reader<number> = (input, name) => {
  const price = integer(0)(input, name);
  if (price < 1 || price > DEAREST_SUBSCRIPTION) throw badRequest('STARS_AMOUNT_INVALID');
  return price;
};

const chat = { chat_id: chatId };
const member = { ...chat, user_id: userId };
const link = { ...chat, invite_link: requiredText };
const linkTerms = {
  name: linkName,
  expire_date: integer(0, 0),
  member_limit: integer(0, 0, LARGEST_LIMIT),
  creates_join_request: flag,
};

/** Groups and channels, their members and the ways into them. */
export const CHAT_PARAMETERS = {
  getChat: chat,
  getChatMember: member,
  getChatMemberCount: chat,
  getChatAdministrators: { ...chat, return_bots: flag },
  leaveChat: chat,
  banChatMember: { ...member, until_date: integer(0, 0), revoke_messages: unseen },
  unbanChatMember: { ...member, only_if_banned: flag },
  createChatInviteLink: { ...chat, ...linkTerms },
  editChatInviteLink: { ...link, ...linkTerms },
  exportChatInviteLink: chat,
  createChatSubscriptionInviteLink: {
    ...chat,
    name: linkName,
    subscription_period: integer(0),
    subscription_price: channelPrice,
  },
  editChatSubscriptionInviteLink: { ...link, name: linkName },
  revokeChatInviteLink: link,
  approveChatJoinRequest: member,
  declineChatJoinRequest: member,
} satisfies Readonly<Record<string, Readers>>;
