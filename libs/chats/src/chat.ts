export const CHAT_TYPES = ['group', 'supergroup', 'channel'] as const;
export type ChatType = (typeof CHAT_TYPES)[number];

/** Where a bot stands in a chat (Bot API, ChatMember); one that owns a chat there is none. */
export const BOT_STANDINGS = ['administrator', 'member', 'restricted', 'left', 'kicked'] as const;
export type BotStanding = (typeof BOT_STANDINGS)[number];

/**
 * How buyers come in. `request`: by a link that asks first, and only they are let in. `single_use`: by a link that lets in one person,
 * whoever that is; somebody else is put out again.
 */
export const ADMISSIONS = ['request', 'single_use'] as const;
export type Admission = (typeof ADMISSIONS)[number];

/** What a bot may do in a chat. */
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

/** Rights count only for an administrator. A standing that is not known is none. */
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

/** What a bot needs to let buyers in and put them out, under Telegram's names (Bot API, ChatAdministratorRights). */
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

/** What decides whether people need an invitation to come into a chat. */
export interface Openness {
  readonly type: ChatType;
  /** Its public name. */
  readonly username: string | null;
  /** Whoever comes by the public name has to be let in (Bot API, ChatFullInfo.join_by_request; supergroups only). */
  readonly joinByRequest: boolean;
}

/** Whether anybody can come in by the chat's public name, so that nobody needs to pay for access to it. */
export const isOpenToAnybody = ({ type, username, joinByRequest }: Openness) =>
  username !== null && !(type === 'supergroup' && joinByRequest);

/** What keeps the bot from selling access to a chat: rights that it lacks, and a door that stands open. Empty when nothing does. */
export const obstaclesIn = (chat: BotRights & Openness) => [
  ...missingRights(chat),
  ...(isOpenToAnybody(chat) ? (['open_to_anybody'] as const) : []),
];

/** What the creator does about a chat to which access cannot be sold; undefined when it can be. */
export function remedyFor(chat: BotRights & Openness): string | undefined {
  const remedies = [rightsRemedy(chat), opennessRemedy(chat)].filter((remedy) => remedy !== undefined);
  return remedies.length === 0 ? undefined : remedies.join(' ');
}

function opennessRemedy(chat: Openness): string | undefined {
  if (!isOpenToAnybody(chat)) return undefined;
  const open = `Anybody can come in by @${chat.username} without paying. Make the chat private (its settings, type)`;
  return chat.type === 'supergroup' ? `${open}, or have new members approved by administrators.` : `${open}.`;
}

function rightsRemedy(rights: BotRights): string | undefined {
  const missing = missingRights(rights).map((right) => NAMES[right]);
  if (missing.length === 0) return undefined;
  const wanted = missing.join(' and ');
  if (rights.standing === 'administrator')
    return `In the chat’s list of administrators give the bot the right ${wanted}.`;
  if (rights.standing === 'member' || rights.standing === 'restricted') {
    return `Make the bot an administrator of the chat, with the right ${wanted}.`;
  }
  return `The bot is not in the chat any more. Add it as an administrator, with the right ${wanted}.`;
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

/** A group becomes a supergroup: from one number of Telegram's to another. */
export interface Upgrade {
  readonly from: number;
  readonly to: number;
}

/** Whether two numbers can be those of a group and of what it became: groups and channels have negative ones, of 52 bits at most. */
export const isUpgrade = ({ from, to }: Upgrade) => from !== to && isChatNumber(from) && isChatNumber(to);

const isChatNumber = (number: unknown) =>
  Number.isSafeInteger(number) && Number(number) < 0 && Number(number) > -(2 ** 52);

/** What one row says when a group and the supergroup that it became had one each: the creator's decisions of the first, the facts of the second. */
export function mergedChat<
  Chat extends ChatFacts & {
    readonly memberCount: number | null;
    readonly lookedAt: Date;
    readonly joinByRequest: boolean;
  },
>(group: Chat, grown: Chat) {
  const { telegramId, title, username, joinByRequest, standing, canInvite, canRemove, memberCount, lookedAt } = grown;
  const facts = { telegramId, title, username, joinByRequest, standing, canInvite, canRemove, memberCount, lookedAt };
  const metadata = Object.keys(group.metadata).length === 0 ? { ...grown.metadata } : { ...group.metadata };
  return { ...facts, type: 'supergroup' as const, formerTelegramId: group.telegramId, metadata };
}
