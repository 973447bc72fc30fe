import { MINUTE, type Moves } from '#libs/kernel';
import { MENU_COMMANDS, type Phrasebook } from '#libs/texts';
import type { SecretPlace } from '#libs/vault';

/**
 * The states in which a bot is shown:
 * - `paused`: sells nothing, still hears everything
 * - `token_invalid`: Telegram refuses the token, nothing can be sent until it is rotated
 * - `removing`: sells nothing, still hears everything, and ends what it has begun and what it owes
 * - `removed`: without token and route; its orders stay, and registering it again revives it
 */
export const SHOWN_BOT_STATES = ['active', 'paused', 'token_invalid', 'removing', 'removed'] as const;
export type ShownBotState = (typeof SHOWN_BOT_STATES)[number];
/** `registering`: claimed, Telegram not yet told; nobody sees it, and after {@link CLAIM_LIFETIME} nobody has to respect it. */
export type BotState = 'registering' | ShownBotState;

/** Telegram has a second world for tests, with bots, people and Stars of its own. */
export const BOT_ENVIRONMENTS = ['production', 'test'] as const;
export type BotEnvironment = (typeof BOT_ENVIRONMENTS)[number];

const TEST_PATH = '/test';

/**
 * A bot's token as it stands in the path of every call and every file: in the test environment `/test` follows it (Bot API, Dedicated
 * test environment). It is sealed in this form, so that no call can go to the other environment.
 * @param token as BotFather gave it
 */
export const callToken = (token: string, environment: BotEnvironment) =>
  environment === 'test' ? token + TEST_PATH : token;

/** The characters by which a creator tells two tokens apart. */
export const lastOfToken = (called: string) => called.replace(TEST_PATH, '').slice(-4);

export const BOT_MOVES: Moves<BotState> = {
  registering: ['active', 'removed'],
  active: ['paused', 'token_invalid', 'removing'],
  paused: ['active', 'token_invalid', 'removing'],
  // Only a new token leads back to work.
  token_invalid: ['active', 'removing'],
  removing: ['removed'],
  removed: ['registering'],
};

/** Longer than all calls of one registration can take together, their time limits added up. */
export const CLAIM_LIFETIME = 2 * MINUTE;

/** How long the former webhook secret is good after a rotation: requests on their way still carry it. */
export const SECRET_OVERLAP = 5 * MINUTE;

/** The exact list that Telegram is given. Each further kind is load and personal data. */
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

/** A command that one of the bot's products has. */
interface ProductCommand {
  readonly command: string;
  readonly productId: string;
  readonly title: string;
}

/** The menu as Telegram takes it (Bot API, BotCommand): what the bot's products have first, then what every bot has. */
export const menuIn = (words: Phrasebook, products: readonly ProductCommand[] = []) => [
  ...products.map(({ command, productId, title }) => ({
    command,
    description: words.about(productId).say('command.paid', { title }),
  })),
  ...MENU_COMMANDS.map((command) => ({ command, description: words.say(`command.${command}`) })),
];

/**
 * Where the menu is shown: in chats with one person. In groups nothing would answer. It wins over the list for everywhere, which whoever
 * ran the bot before may have set (Bot API, Determining list of commands).
 */
export const MENU_SCOPE = { scope: { type: 'all_private_chats' } } as const;

/** The path of every webhook begins with it; the bot's own path key follows. */
export const WEBHOOK_PREFIX = '/telegram';

/** Whether what began at `since` may still be under way; what a crash cut off is not. */
export const isFresh = (since: Date | null, now: Date) =>
  since !== null && now.getTime() - since.getTime() < CLAIM_LIFETIME;

/** `<bot id>:<secret>`, as BotFather gives it. */
export const isToken = (text: string) => /^\d{3,16}:[A-Za-z0-9_-]{30,100}$/.test(text);

/** What path keys look like: 32 random bytes as base64url. Anything else need not be looked up. */
export const isPathKey = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text);

/** Where the sealed token of a bot lives. */
export const tokenPlace = (botId: string): SecretPlace => ({ column: 'bots.token', rowId: botId });

/** The part of a webhook address that may be shown to whoever holds the bot: paths often carry secrets. */
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
  /** What the terms of now are called, when buyers have to agree to them. */
  readonly termsVersion: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Since when staff have stopped it, and why; null while they have not. */
  readonly stoppedAt: Date | null;
  readonly stoppedBecause: string | null;
  readonly createdAt: Date;
}
