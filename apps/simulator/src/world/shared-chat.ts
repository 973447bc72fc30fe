import type { StoredMessage } from './stored-message.js';
import type { MovableClock } from './clock.js';
import type { AdministratorRights, Chat, ChatMember, User } from './telegram-types.js';

export type SharedChatType = 'group' | 'supergroup' | 'channel';

/** Membership in a chat. Administrators have `rights`; dates are Unix time in seconds. */
export type Standing =
  | { readonly status: 'creator' | 'left' }
  | { readonly status: 'administrator'; readonly rights: AdministratorRights }
  /** `until`: the end of the paid time. */
  | { readonly status: 'member'; readonly until?: number }
  /** `until`: 0 means forever. */
  | { readonly status: 'kicked'; readonly until: number };

export interface InviteLink {
  readonly url: string;
  readonly creatorId: number;
  readonly isPrimary: boolean;
  name?: string;
  /** Unix time in seconds. */
  expiresAt?: number;
  memberLimit?: number;
  createsJoinRequest: boolean;
  isRevoked: boolean;
  /** The number of people who joined by it. */
  joined: number;
  /** A paid link, as Telegram has it: the Stars go to the channel. */
  readonly subscription?: { readonly period: number; readonly price: number };
}

export interface JoinRequest {
  readonly userId: number;
  readonly date: number;
  /** Missing if they joined by the public name. */
  readonly link?: string;
}

/** Stars that the channel itself earned. Bots cannot see them. */
export interface Earning {
  readonly date: number;
  readonly amount: number;
  readonly userId: number;
  readonly cause: 'subscription' | 'paid_media';
}

const EVERYWHERE = [
  'can_manage_chat',
  'can_delete_messages',
  'can_manage_video_chats',
  'can_restrict_members',
  'can_promote_members',
  'can_change_info',
  'can_invite_users',
  'can_post_stories',
  'can_edit_stories',
  'can_delete_stories',
];
export const RIGHTS: Readonly<Record<SharedChatType, readonly string[]>> = {
  group: [...EVERYWHERE, 'can_pin_messages'],
  supergroup: [...EVERYWHERE, 'can_pin_messages', 'can_manage_topics', 'can_manage_tags'],
  channel: [...EVERYWHERE, 'can_post_messages', 'can_edit_messages', 'can_manage_direct_messages'],
};

/** The content of a SharedChat without its id, as in a snapshot. */
export interface SharedChatInit {
  readonly id: number;
  readonly type: SharedChatType;
  readonly title: string;
  readonly username?: string | undefined;
  /** People who join by the public name have to be approved. */
  readonly joinByRequest?: boolean | undefined;
  /** Identifies the chat in callback queries. */
  readonly instance: string;
}

/** A group, supergroup or channel. */
export class SharedChat {
  readonly id: number;
  readonly type: SharedChatType;
  readonly title: string;
  /** The name of a public chat, by which anyone can join it. */
  username: string | undefined;
  joinByRequest: boolean;
  readonly instance: string;
  /** By the id of the person or bot. */
  readonly standings = new Map<number, Standing>();
  /** By URL. */
  readonly links = new Map<string, InviteLink>();
  /** By the id of the person. */
  readonly requests = new Map<number, JoinRequest>();
  readonly messages = new Map<number, StoredMessage>();
  readonly earnings: Earning[] = [];
  nextMessageId = 1;
  /** The supergroup that this group has become. */
  migratedTo: number | undefined;

  constructor(
    init: SharedChatInit,
    private readonly clock: MovableClock,
  ) {
    this.id = init.id;
    this.type = init.type;
    this.title = init.title;
    this.username = init.username;
    this.joinByRequest = init.joinByRequest === true;
    this.instance = init.instance;
  }

  chat(): Chat {
    const { id, type, title, username } = this;
    return { id, title, ...(username === undefined ? {} : { username }), type };
  }

  newMessageId(): number {
    const id = this.nextMessageId;
    this.nextMessageId += 1;
    return id;
  }

  /** An expired ban reads as having left the chat. */
  standing(id: number): Standing {
    const standing = this.standings.get(id) ?? { status: 'left' };
    if (standing.status !== 'kicked' || standing.until === 0 || standing.until > this.clock.seconds()) return standing;
    return { status: 'left' };
  }

  isIn(id: number): boolean {
    const { status } = this.standing(id);
    return status !== 'left' && status !== 'kicked';
  }

  has(id: number, right: string): boolean {
    const standing = this.standing(id);
    return standing.status === 'creator' || (standing.status === 'administrator' && standing.rights[right] === true);
  }

  isAdministrator(id: number): boolean {
    const { status } = this.standing(id);
    return status === 'creator' || status === 'administrator';
  }

  balance(): number {
    return this.earnings.reduce((sum, { amount }) => sum + amount, 0);
  }

  /** The member as the Bot API writes it. */
  member(user: User, standing = this.standing(user.id)): ChatMember {
    switch (standing.status) {
      case 'creator':
        return { user, status: 'creator', is_anonymous: false };
      case 'administrator': {
        const rights = Object.fromEntries(RIGHTS[this.type].map((right) => [right, standing.rights[right] === true]));
        return { user, status: 'administrator', can_be_edited: false, is_anonymous: false, ...rights };
      }
      case 'member':
        return { user, status: 'member', ...(standing.until === undefined ? {} : { until_date: standing.until }) };
      case 'kicked':
        return { user, status: 'kicked', until_date: standing.until };
      case 'left':
        return { user, status: 'left' };
    }
  }
}
