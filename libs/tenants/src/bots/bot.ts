import { MINUTE, type Moves } from '#libs/kernel';
import { MENU_COMMANDS, type Phrasebook } from '#libs/texts';
import type { SecretPlace } from '#libs/vault';

/**
 * The visible states of a bot:
 * - `paused`: sells nothing, still receives updates
 * - `token_invalid`: Telegram refuses the token, nothing can be sent until it is rotated
 * - `removing`: sells nothing, still receives updates, and fulfils its obligations
 * - `removed`: without token and route; its orders stay, and registering it again revives it
 */
export const SHOWN_BOT_STATES = ['active', 'paused', 'token_invalid', 'removing', 'removed'] as const;
export type ShownBotState = (typeof SHOWN_BOT_STATES)[number];
/** `registering`: claimed, Telegram not yet called; invisible, and void after {@link CLAIM_LIFETIME}. */
export type BotState = 'registering' | ShownBotState;

/** Telegram has a separate environment for tests, with its own bots, people and Stars. */
export const BOT_ENVIRONMENTS = ['production', 'test'] as const;
export type BotEnvironment = (typeof BOT_ENVIRONMENTS)[number];

const TEST_PATH = '/test';

/**
 * Returns a bot's token in the form of URLs of calls and files: in the test environment `/test` follows it (Bot API,
 * Dedicated test environment). It is encrypted in this form, so that calls cannot go to the other environment.
 * @param token in BotFather's form
 */
export const callToken = (token: string, environment: BotEnvironment) =>
  environment === 'test' ? token + TEST_PATH : token;

/** The characters by which a creator tells two tokens apart. */
export const lastOfToken = (called: string) => called.replace(TEST_PATH, '').slice(-4);

export const BOT_MOVES: Moves<BotState> = {
  registering: ['active', 'removed'],
  active: ['paused', 'token_invalid', 'removing'],
  paused: ['active', 'token_invalid', 'removing'],
  // Only a new token makes it active again.
  token_invalid: ['active', 'removing'],
  removing: ['removed'],
  removed: ['registering'],
};

/** Milliseconds: longer than all calls of one registration together, including their timeouts. */
export const CLAIM_LIFETIME = 2 * MINUTE;

/** Milliseconds for which the former webhook secret stays valid after a rotation: requests in transit still have it. */
export const SECRET_OVERLAP = 5 * MINUTE;

/** The exact list that Telegram gets. Every additional type would add load and personal data. */
export const ALLOWED_UPDATES = [
  'message',
  'callback_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'subscription',
  'my_chat_member',
  'inline_query',
  'business_connection',
  'chat_member',
  'chat_join_request',
] as const;

/** The command of one of the bot's products. */
interface ProductCommand {
  readonly command: string;
  readonly productId: string;
  readonly title: string;
}

/**
 * The menu in Telegram's format (Bot API, BotCommand): the commands of the bot's products first, then those of every
 * bot.
 */
export const menuIn = (words: Phrasebook, products: readonly ProductCommand[] = []) => [
  ...products.map(({ command, productId, title }) => ({
    command,
    description: words.about(productId).say('command.paid', { title }),
  })),
  ...MENU_COMMANDS.map((command) => ({ command, description: words.say(`command.${command}`) })),
];

/**
 * Limits the menu to private chats, because the bot does not answer in groups. It overrides the list for all chats,
 * which the bot's former tool may have set (Bot API, Determining list of commands).
 */
export const MENU_SCOPE = { scope: { type: 'all_private_chats' } } as const;

/** The first part of every webhook's path; the bot's own path key follows. */
export const WEBHOOK_PREFIX = '/telegram';

/** True when something that began at `since` may still be in progress; after a crash it expires. */
export const isFresh = (since: Date | null, now: Date) =>
  since !== null && now.getTime() - since.getTime() < CLAIM_LIFETIME;

/** `<bot id>:<secret>`, BotFather's format. */
export const isToken = (text: string) => /^\d{3,16}:[A-Za-z0-9_-]{30,100}$/.test(text);

/** The format of path keys: 32 random bytes as base64url. Anything else does not have to be looked up. */
export const isPathKey = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text);

/** The place of a bot's encrypted token. */
export const tokenPlace = (botId: string): SecretPlace => ({ column: 'bots.token', rowId: botId });

/** The part of a webhook's address that its bot's owner may see: paths often contain secrets. */
export const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : 'an address that cannot be read');

export interface BotFacts {
  readonly id: string;
  readonly telegramId: number;
  readonly environment: BotEnvironment;
  readonly username: string;
  readonly name: string;
  readonly state: BotState;
  readonly tokenLast4: string;
  readonly supportText: string | null;
  readonly termsText: string | null;
  /** The version of the current terms, when buyers have to agree to them. */
  readonly termsVersion: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** The time at which and the reason why staff have stopped it; null if they have not. */
  readonly stoppedAt: Date | null;
  readonly stoppedBecause: string | null;
  readonly createdAt: Date;
}
