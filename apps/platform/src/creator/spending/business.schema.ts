import type { OwnedGift, OwnedGifts, StarAmount } from 'grammy/types';
import { z } from 'zod';
import { idOf, listOf, listQuery } from '../../http/schema.js';
import { consent, person } from './spending.schema.js';
import { connectionSchema } from '#libs/spending';
import { type Shown } from '#libs/kernel';

/** Maximum number of Stars per call (Bot API, transferBusinessAccountStars). */
const LARGEST_TRANSFER = 10_000;

export const connectionListSchema = listOf(connectionSchema).meta({ id: 'BusinessConnectionList' });

export const listConnectionsSchema = listQuery('businessConnection', { bot_id: idOf('bot').optional() });
export type ListConnections = z.output<typeof listConnectionsSchema>;

export const balanceSchema = z
  .object({ object: z.literal('star_balance'), stars: z.int(), nanostars: z.int() })
  .meta({ id: 'StarBalance' });

export const balanceView = ({ amount, nanostar_amount: nanostars = 0 }: StarAmount): Shown<typeof balanceSchema> => ({
  object: 'star_balance' as const,
  stars: amount,
  nanostars,
});

export const ownedGiftSchema = z
  .object({
    object: z.literal('owned_gift'),
    owned_gift_id: z.string().nullable(),
    type: z.enum(['regular', 'unique']),
    gift_id: z.string(),
    name: z.string().nullable().describe('Only for a unique gift.'),
    sent_at: z.iso.datetime(),
    convert_stars: z.int().nullable().describe('Stars for converting it. null if it cannot be converted.'),
    can_be_upgraded: z.boolean(),
    upgrade_stars: z.int().nullable().describe('Price of the upgrade. 0 if the giver has paid for it.'),
    can_be_transferred: z.boolean(),
    transfer_stars: z.int().nullable(),
  })
  .meta({ id: 'OwnedGift' });

export const ownedGiftsSchema = z
  .object({
    object: z.literal('owned_gift_list'),
    total_count: z.int(),
    data: z.array(ownedGiftSchema),
    next_offset: z.string().nullable().describe('Send it as `offset` to get the next page.'),
  })
  .meta({ id: 'OwnedGiftList' });

export const ownedGiftsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.string().min(1).max(256).optional(),
});
export type OwnedGiftsQuery = z.output<typeof ownedGiftsQuery>;

function ownedGiftView(gift: OwnedGift): Shown<typeof ownedGiftSchema> {
  const owned = {
    object: 'owned_gift' as const,
    owned_gift_id: gift.owned_gift_id ?? null,
    sent_at: new Date(gift.send_date * 1_000).toISOString(),
  };
  if (gift.type === 'unique') {
    const { can_be_transferred: movable = false, transfer_star_count: stars = 0 } = gift;
    return {
      ...owned,
      type: 'unique',
      gift_id: gift.gift.gift_id,
      name: gift.gift.name,
      convert_stars: null,
      can_be_upgraded: false,
      upgrade_stars: null,
      can_be_transferred: movable,
      transfer_stars: movable ? stars : null,
    };
  }
  const { can_be_upgraded: upgradable = false, prepaid_upgrade_star_count: prepaid = 0 } = gift;
  const price = prepaid > 0 ? 0 : (gift.gift.upgrade_star_count ?? null);
  return {
    ...owned,
    type: 'regular',
    gift_id: gift.gift.id,
    name: null,
    convert_stars: gift.convert_star_count ?? null,
    can_be_upgraded: upgradable,
    upgrade_stars: upgradable ? price : null,
    can_be_transferred: false,
    transfer_stars: null,
  };
}

export const ownedGiftsView = ({
  total_count,
  gifts,
  next_offset: next = '',
}: OwnedGifts): Shown<typeof ownedGiftsSchema> => ({
  object: 'owned_gift_list' as const,
  total_count,
  data: gifts.map(ownedGiftView),
  next_offset: next === '' ? null : next,
});

export const transferStarsSchema = z
  .strictObject({ stars: z.int().min(1).max(LARGEST_TRANSFER), ...consent })
  .meta({ id: 'TransferStars' });
export type TransferStars = z.output<typeof transferStarsSchema>;

const owned = {
  owned_gift_id: z
    .string()
    .min(1)
    .max(256)
    .meta({ examples: ['an_owned_gift'] }),
};

export const convertGiftSchema = z
  .strictObject({
    ...owned,
    min_stars: z
      .int()
      .min(0)
      .max(1_000_000)
      .describe('Minimum in whole Stars: nothing is done when the gift is worth less.'),
    confirm: consent.confirm,
  })
  .meta({ id: 'ConvertGift' });
export type ConvertGift = z.output<typeof convertGiftSchema>;

export const upgradeGiftSchema = z
  .strictObject({
    ...owned,
    keep_original_details: z.boolean().default(false).describe('Keep the sender, the receiver and the message.'),
    ...consent,
  })
  .meta({ id: 'UpgradeGift' });
export type UpgradeGift = z.output<typeof upgradeGiftSchema>;

export const transferGiftSchema = z
  .strictObject({
    ...owned,
    to_telegram_id: person.describe('The new owner, who has used the account in the last 24 hours.'),
    ...consent,
  })
  .meta({ id: 'TransferGift' });
export type TransferGift = z.output<typeof transferGiftSchema>;
