import type { Bot } from './bot.js';
import { ApiError, badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Person } from './person.js';
import type { BusinessConnection } from './telegram-types.js';
import type { Till } from './till.js';

/** The rights that a connected account may give its bot. */
export const BUSINESS_RIGHTS = [
  'can_reply',
  'can_read_messages',
  'can_delete_sent_messages',
  'can_delete_all_messages',
  'can_edit_name',
  'can_edit_bio',
  'can_edit_profile_photo',
  'can_edit_username',
  'can_change_gift_settings',
  'can_view_gifts_and_stars',
  'can_convert_gifts_to_stars',
  'can_transfer_and_upgrade_gifts',
  'can_transfer_stars',
  'can_manage_stories',
] as const;
export type BusinessRight = (typeof BUSINESS_RIGHTS)[number];

export interface StoredConnection {
  readonly id: string;
  readonly botId: number;
  readonly userId: number;
  readonly date: number;
  rights: readonly BusinessRight[];
  isEnabled: boolean;
}

/** Connections of people's accounts to bots. An account's Stars are the wallet of its person. */
export class Business {
  readonly byId = new Map<string, StoredConnection>();

  constructor(
    private readonly world: Ground,
    private readonly till: Till,
  ) {}

  /** The person connects the bot, changes its rights, or disconnects it; the bot gets an update each time. */
  connect(bot: Bot, person: Person, rights: readonly BusinessRight[], isEnabled: boolean): StoredConnection {
    if (!bot.settings.business)
      throw new WorldError('business_off', `@${bot.username} has business mode switched off.`);
    const { id: userId } = person.user;
    const known = [...this.byId.values()].find((each) => each.botId === bot.id && each.userId === userId);
    const fresh = { id: this.world.random.text(24), botId: bot.id, userId, date: this.world.clock.seconds() };
    const connection: StoredConnection = known ?? { ...fresh, rights, isEnabled };
    connection.rights = rights;
    connection.isEnabled = isEnabled;
    this.byId.set(connection.id, connection);
    this.world.publish(bot, 'business_connection', userId, this.view(connection));
    this.world.changes.tell({ type: 'gifts', userId });
    return connection;
  }

  view({ id, userId, date, rights, isEnabled }: StoredConnection): BusinessConnection {
    const { user } = this.world.person(userId);
    const granted = Object.fromEntries(rights.map((right) => [right, true] as const));
    return { id, user, user_chat_id: userId, date, rights: granted, is_enabled: isEnabled };
  }

  of(userId: number): readonly StoredConnection[] {
    return [...this.byId.values()].filter((each) => each.userId === userId);
  }

  /** @throws ApiError when this bot has no such connection */
  find(bot: Bot, id: string): StoredConnection {
    const connection = this.byId.get(id);
    if (connection?.botId !== bot.id) throw badRequest('business connection not found');
    return connection;
  }

  /**
   * The account behind a connection that gives all these rights. Both refusals are MTProto's: `BOT_ACCESS_FORBIDDEN`
   * for a missing right and `BUSINESS_CONNECTION_INVALID` for a connection that has ended. Assumption: these calls
   * return them.
   */
  account(bot: Bot, id: string, ...rights: readonly BusinessRight[]): Person {
    const connection = this.find(bot, id);
    if (!connection.isEnabled) throw badRequest('BUSINESS_CONNECTION_INVALID');
    if (!rights.every((right) => connection.rights.includes(right))) {
      throw new ApiError(403, 'Forbidden: BOT_ACCESS_FORBIDDEN');
    }
    return this.world.person(connection.userId);
  }

  /** Moves Stars from the account to the bot. */
  transferStars(bot: Bot, account: Person, starCount: number): void {
    if (account.wallet.balance() < starCount) throw badRequest('BALANCE_TOO_LOW');
    const partner = { type: 'user', transaction_type: 'business_account_transfer', user: account.user } as const;
    this.till.charge(account, bot, starCount, partner);
    this.world.changes.tell({ type: 'bots' });
  }

  clear(): void {
    this.byId.clear();
  }
}
