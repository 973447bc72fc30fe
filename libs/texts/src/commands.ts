/** The menu of every bot, in order. Telegram requires /paysupport and /terms of every bot that sells. */
export const MENU_COMMANDS = [
  'shop',
  'orders',
  'subscriptions',
  'balance',
  'promo',
  'paysupport',
  'terms',
  'privacy',
  'help',
  'start',
] as const;

/**
 * Commands that no product can have: the bot answers them itself (/buy like /shop), or Telegram gives them a meaning.
 */
export const OWN_COMMANDS: ReadonlySet<string> = new Set([...MENU_COMMANDS, 'buy', 'settings']);
