import type { Gift, Sticker, UniqueGift } from './telegram-types.js';

/** A gift on sale. `total` is the number of copies of a limited one. */
export interface CatalogueGift {
  readonly gift: Gift;
  readonly total?: number;
}

function sticker(emoji: string, id: string): Sticker {
  const file = { file_id: `CAACAgIAAxUAA${id}`, file_unique_id: `AgAD${id}`, file_size: 12_000 };
  return { ...file, type: 'regular', width: 512, height: 512, is_animated: true, is_video: false, emoji };
}

const entry = (
  id: string,
  emoji: string,
  star_count: number,
  more: Partial<Gift> = {},
  total?: number,
): CatalogueGift => ({
  gift: { id, sticker: sticker(emoji, id), star_count, ...more },
  ...(total === undefined ? {} : { total }),
});

/** One gift of each of Telegram's kinds: plain ones, one that can be upgraded, a limited one. */
export const CATALOGUE: readonly CatalogueGift[] = [
  entry('5170145012310081615', '💝', 15),
  entry('5170233102089322756', '🧸', 15),
  entry('5168103777563050263', '🌹', 25, { upgrade_star_count: 25 }),
  entry('5168043875654172773', '🏆', 100),
  entry('5170521118301225164', '💎', 500, { upgrade_star_count: 200 }, 3),
];

/** The unique gift that an upgrade produces. Model, symbol and colours are always the same here. */
export function uniqueOf(gift: Gift, number: number): UniqueGift {
  const base = `Gift ${gift.sticker.emoji}`;
  const part = (name: string) => ({ name, sticker: gift.sticker, rarity_per_mille: 20 });
  const colors = { center_color: 0x7f_c6_ff, edge_color: 0x2f_7d_e1, symbol_color: 0x1c_66_c4, text_color: 0xff_ff_ff };
  return {
    gift_id: gift.id,
    base_name: base,
    name: `Gift${gift.id.slice(-4)}-${number}`,
    number,
    model: part('Simulated'),
    symbol: part('Star'),
    backdrop: { name: 'Sky', colors, rarity_per_mille: 20 },
  };
}
