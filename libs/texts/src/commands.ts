/** The menu of every bot, from the top. Telegram requires /paysupport and /terms of every bot that sells. */
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

/** Commands that a bot answers itself, /buy as it does /shop, or that Telegram gives a meaning: no product can have them. */
export const OWN_COMMANDS: ReadonlySet<string> = new Set([...MENU_COMMANDS, 'buy', 'settings']);
