import { flag, integer, type Reader, type Readers, requiredText, text, unseen, userId } from './readers.js';
import { GIFT_TEXT } from './rich-text.js';

/** The receiver, unless the gift goes to a chat. */
const giftReceiver: Reader<number> = (input, name) => (text(input, 'chat_id') === '' ? userId(input, name) : 0);

const account = { business_connection_id: requiredText };
const owned = { ...account, owned_gift_id: requiredText };

/** Every gift here is saved to the profile, and none is on the blockchain. */
const GIFT_LIST = {
  exclude_unlimited: flag,
  exclude_limited_upgradable: flag,
  exclude_limited_non_upgradable: flag,
  exclude_unique: flag,
  exclude_from_blockchain: unseen,
  sort_by_price: flag,
  offset: text,
  limit: integer(100, 1, 100),
};

/** Gifts, and the account of a person who has connected the bot. */
export const GIFT_PARAMETERS = {
  getAvailableGifts: {},
  sendGift: {
    user_id: giftReceiver,
    chat_id: text,
    gift_id: requiredText,
    pay_for_upgrade: flag,
    ...GIFT_TEXT,
  },
  giftPremiumSubscription: { user_id: userId, month_count: integer(0), star_count: integer(0), ...GIFT_TEXT },
  getBusinessConnection: account,
  getBusinessAccountStarBalance: account,
  transferBusinessAccountStars: { ...account, star_count: integer(0) },
  getBusinessAccountGifts: { ...account, ...GIFT_LIST, exclude_unsaved: unseen, exclude_saved: flag },
  getUserGifts: { user_id: userId, ...GIFT_LIST },
  convertGiftToStars: owned,
  upgradeGift: { ...owned, keep_original_details: unseen, star_count: integer(0, 0) },
  transferGift: { ...owned, new_owner_chat_id: userId, star_count: integer(0, 0) },
} satisfies Readonly<Record<string, Readers>>;
