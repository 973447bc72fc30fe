export const CHAT_TYPES = ['group', 'supergroup', 'channel'] as const;
export type ChatType = (typeof CHAT_TYPES)[number];

/** A bot's standing in a chat (Bot API, ChatMember); bots cannot own chats. */
export const BOT_STANDINGS = ['administrator', 'member', 'restricted', 'left', 'kicked'] as const;
export type BotStanding = (typeof BOT_STANDINGS)[number];

/**
 * Ways for buyers to join. `request`: by a link that requires a request, which is approved for the buyer only. `single_use`:
 * by a link that admits one person, whoever uses it; a stranger is removed again.
 */
export const ADMISSIONS = ['request', 'single_use'] as const;
export type Admission = (typeof ADMISSIONS)[number];

/** A bot's rights in a chat. */
export interface BotRights {
  readonly standing: BotStanding;
  readonly canInvite: boolean;
  readonly canRemove: boolean;
}

/** A bot as Telegram describes it in a chat. */
export interface BotMember {
  readonly status: string;
  readonly can_invite_users?: boolean;
  readonly can_restrict_members?: boolean;
}

/** Rights count only for an administrator. An unknown standing counts as `left`. */
export function rightsOf(member: BotMember): BotRights {
  const standing = BOT_STANDINGS.find((known) => known === member.status) ?? 'left';
  const leads = standing === 'administrator';
  return {
    standing,
    canInvite: leads && member.can_invite_users === true,
    canRemove: leads && member.can_restrict_members === true,
  };
}

export const NO_RIGHTS: BotRights = { standing: 'left', canInvite: false, canRemove: false };

/**
 * The rights that a bot needs to admit and remove buyers, under Telegram's names (Bot API, ChatAdministratorRights).
 */
export const NEEDED_RIGHTS = ['can_invite_users', 'can_restrict_members'] as const;
export type NeededRight = (typeof NEEDED_RIGHTS)[number];

export function missingRights({ canInvite, canRemove }: BotRights): NeededRight[] {
  return [
    ...(canInvite ? [] : (['can_invite_users'] as const)),
    ...(canRemove ? [] : (['can_restrict_members'] as const)),
  ];
}

const NAMES: Readonly<Record<NeededRight, string>> = {
  can_invite_users: 'to invite users',
  can_restrict_members: 'to ban users',
};

/** The facts that decide whether people need an invitation to join a chat. */
export interface Openness {
  readonly type: ChatType;
  /** Its public name. */
  readonly username: string | null;
  /**
   * An administrator has to approve people who use the public name (Bot API, ChatFullInfo.join_by_request; supergroups
   * only).
   */
  readonly joinByRequest: boolean;
}

/** True when anyone can join by the chat's public name, so that there is no reason to pay for access. */
export const isOpenToAnybody = ({ type, username, joinByRequest }: Openness) =>
  username !== null && !(type === 'supergroup' && joinByRequest);

/**
 * Reasons why access to a chat cannot be sold: rights that the bot lacks, and open access. Empty when there are none.
 */
export const obstaclesIn = (chat: BotRights & Openness) => [
  ...missingRights(chat),
  ...(isOpenToAnybody(chat) ? (['open_to_anybody'] as const) : []),
];

/** Returns what the creator has to do before access to a chat can be sold; undefined if it can be sold already. */
export function remedyFor(chat: BotRights & Openness): string | undefined {
  const remedies = [rightsRemedy(chat), opennessRemedy(chat)].filter((remedy) => remedy !== undefined);
  return remedies.length === 0 ? undefined : remedies.join(' ');
}

function opennessRemedy(chat: Openness): string | undefined {
  if (!isOpenToAnybody(chat)) return undefined;
  const open = `Anyone can join through @${chat.username} without paying. Make the chat private (its settings, type)`;
  return chat.type === 'supergroup' ? `${open}, or have new members approved by administrators.` : `${open}.`;
}

function rightsRemedy(rights: BotRights): string | undefined {
  const missing = missingRights(rights).map((right) => NAMES[right]);
  if (missing.length === 0) return undefined;
  const wanted = missing.join(' and ');
  if (rights.standing === 'administrator')
    return `In the chat’s list of administrators, give the bot the right ${wanted}.`;
  if (rights.standing === 'member' || rights.standing === 'restricted') {
    return `Make the bot an administrator of the chat, with the right ${wanted}.`;
  }
  return `The bot is no longer in the chat. Add it as an administrator, with the right ${wanted}.`;
}

export interface ChatFacts extends BotRights, Openness {
  readonly id: string;
  readonly botId: string;
  readonly telegramId: number;
  readonly mergedInto: string | null;
  readonly title: string;
  readonly lackingSince: Date | null;
  readonly admission: Admission;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/** A group's upgrade to a supergroup: its old and new Telegram ids. */
export interface Upgrade {
  readonly from: number;
  readonly to: number;
}

/**
 * True when the ids can be those of a group and its supergroup: groups and channels have negative ids of at most 52
 * bits.
 */
export const isUpgrade = ({ from, to }: Upgrade) => from !== to && isChatNumber(from) && isChatNumber(to);

const isChatNumber = (number: unknown) =>
  Number.isSafeInteger(number) && Number(number) < 0 && Number(number) > -(2 ** 52);

/**
 * Merges the rows of a group and its supergroup: the creator's decisions come from the first, the facts from the
 * second.
 */
export function mergedChat<
  Chat extends ChatFacts & {
    readonly memberCount: number | null;
    readonly lookedAt: Date;
    readonly lookDueAt: Date;
    readonly joinByRequest: boolean;
  },
>(group: Chat, grown: Chat) {
  const {
    telegramId,
    title,
    username,
    joinByRequest,
    standing,
    canInvite,
    canRemove,
    memberCount,
    lookedAt,
    lookDueAt,
  } = grown;
  const facts = {
    telegramId,
    title,
    username,
    joinByRequest,
    standing,
    canInvite,
    canRemove,
    memberCount,
    lookedAt,
    lookDueAt,
  };
  const metadata = Object.keys(group.metadata).length === 0 ? { ...grown.metadata } : { ...group.metadata };
  return { ...facts, type: 'supergroup' as const, formerTelegramId: group.telegramId, metadata };
}
