import { badRequest } from '../world/errors.js';
import { flag, integer, type Reader, type Readers, requiredText, text, userId } from './readers.js';

const LONGEST_TEXT = 128;

/** The wording is assumed. */
const giftText: Reader<string> = (input, name) => {
  const value = text(input, name);
  if ([...value].length > LONGEST_TEXT) throw badRequest('MESSAGE_TOO_LONG');
  return value;
};

/** The receiver, unless the gift goes to a chat. */
const giftReceiver: Reader<number> = (input, name) => (text(input, 'chat_id') === '' ? userId(input, name) : 0);

const account = { business_connection_id: requiredText };
const owned = { ...account, owned_gift_id: requiredText };

/** Gifts, and the account of a person who has connected the bot. */
export const GIFT_PARAMETERS = {
  getAvailableGifts: {},
  sendGift: {
    user_id: giftReceiver,
    chat_id: text,
    gift_id: requiredText,
    pay_for_upgrade: flag,
    text: giftText,
  },
  giftPremiumSubscription: { user_id: userId, month_count: integer(0), star_count: integer(0), text: giftText },
  getBusinessConnection: account,
  getBusinessAccountStarBalance: account,
  transferBusinessAccountStars: { ...account, star_count: integer(0) },
  getBusinessAccountGifts: { ...account, exclude_unique: flag, offset: text, limit: integer(100, 1, 100) },
  convertGiftToStars: owned,
  upgradeGift: { ...owned, keep_original_details: flag, star_count: integer(0, 0) },
  transferGift: { ...owned, new_owner_chat_id: userId, star_count: integer(0, 0) },
} satisfies Readonly<Record<string, Readers>>;
