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

/** Commands of the workspace's members whose Telegram accounts are linked. Buyers do not see them in the menu. */
export const DESK_COMMANDS = ['sales', 'refund', 'alerts'] as const;
export type DeskCommand = (typeof DESK_COMMANDS)[number];

/**
 * Commands that no product can have: the bot answers them itself (/buy like /shop), or Telegram gives them a meaning.
 */
export const OWN_COMMANDS: ReadonlySet<string> = new Set([...MENU_COMMANDS, ...DESK_COMMANDS, 'buy', 'settings']);

type CommandKey = `command.${(typeof MENU_COMMANDS)[number]}`;
type CommandText = {
  readonly about: string;
  readonly place: 'command';
  readonly fields: Readonly<Record<never, never>>;
};

/** The text `command.<name>` of every command: its description in the menu. */
export const COMMAND_TEXTS = Object.fromEntries(
  MENU_COMMANDS.map((name) => [
    `command.${name}`,
    { about: `The menu's description of /${name}.`, place: 'command', fields: {} },
  ]),
) as Readonly<Record<CommandKey, CommandText>>;
