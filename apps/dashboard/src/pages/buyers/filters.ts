/** The filters in an address: a link to it shows the same buyers. */
export interface BuyerFilters {
  readonly search?: string;
  readonly bot_id?: string;
}

const LONGEST = 64;
const isText = (text: unknown): text is string => typeof text === 'string' && text !== '' && text.length <= LONGEST;

/** Reads the filters of an address. Invalid ones are ignored, so that no link breaks the page. */
export const readBuyerFilters = ({ search, bot_id: bot }: Readonly<Record<string, unknown>>): BuyerFilters => ({
  ...(isText(search) ? { search } : {}),
  ...(isText(bot) && bot.startsWith('bot_') ? { bot_id: bot } : {}),
});
