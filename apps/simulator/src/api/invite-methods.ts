import { badRequest } from '../world/errors.js';
import type { LinkTerms } from '../world/invites.js';
import type { InviteLink, SharedChat } from '../world/shared-chat.js';
import { type ChatRef, sharedChat } from './chats.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import { checkPeriod } from './invoice-terms.js';
import type { ParametersOf } from './parameters.js';

/** A chat in which the bot may create invite links. The refusal's wording is TDLib's. */
function inviting(caller: Caller, ref: ChatRef): SharedChat {
  const chat = sharedChat(caller, ref);
  if (!chat.has(caller.bot.id, 'can_invite_users')) throw badRequest('not enough rights to manage chat invite link');
  return chat;
}

/** A link that the bot itself created. */
function ownLink(caller: Caller, ref: ChatRef, url: string): { readonly chat: SharedChat; readonly link: InviteLink } {
  const chat = inviting(caller, ref);
  const link = chat.links.get(url);
  if (link?.creatorId !== caller.bot.id) throw badRequest('INVITE_HASH_EXPIRED');
  return { chat, link };
}

type Terms = Omit<ParametersOf<'createChatInviteLink'>, 'chat_id'>;

function termsOf({ world }: Caller, { name, expire_date, member_limit, creates_join_request }: Terms): LinkTerms {
  if (creates_join_request && member_limit > 0) {
    throw badRequest("member limit can't be specified for links requiring administrator approval");
  }
  if (expire_date > 0 && expire_date <= world.clock.seconds()) throw badRequest('EXPIRE_DATE_INVALID');
  return {
    ...(name === '' ? {} : { name }),
    ...(expire_date === 0 ? {} : { expiresAt: expire_date }),
    ...(member_limit === 0 ? {} : { memberLimit: member_limit }),
    createsJoinRequest: creates_join_request,
    isPrimary: false,
  };
}

export const inviteMethods: Handlers<
  | 'createChatInviteLink'
  | 'editChatInviteLink'
  | 'exportChatInviteLink'
  | 'createChatSubscriptionInviteLink'
  | 'editChatSubscriptionInviteLink'
  | 'revokeChatInviteLink'
  | 'approveChatJoinRequest'
  | 'declineChatJoinRequest'
> = {
  createChatInviteLink(caller, { chat_id, ...terms }) {
    const { invites } = caller.world;
    const chat = inviting(caller, chat_id);
    return invites.view(chat, invites.create(chat, caller.bot.id, termsOf(caller, terms)), caller.bot.id);
  },

  editChatInviteLink(caller, { chat_id, invite_link, ...terms }) {
    const { chat, link } = ownLink(caller, chat_id, invite_link);
    if (link.isRevoked || link.subscription !== undefined) throw badRequest('INVITE_HASH_EXPIRED');
    for (const optional of ['name', 'expiresAt', 'memberLimit'] as const) delete link[optional];
    const { isPrimary: _, ...changed } = termsOf(caller, terms);
    Object.assign(link, changed);
    caller.world.sharedChats.tell(chat);
    return caller.world.invites.view(chat, link, caller.bot.id);
  },

  /** Creates a new primary link; the previous one stops working. */
  exportChatInviteLink(caller, { chat_id }) {
    const chat = inviting(caller, chat_id);
    for (const link of chat.links.values()) {
      if (link.isPrimary && link.creatorId === caller.bot.id) link.isRevoked = true;
    }
    return caller.world.invites.create(chat, caller.bot.id, { createsJoinRequest: false, isPrimary: true }).url;
  },

  createChatSubscriptionInviteLink(caller, { chat_id, name, subscription_period, subscription_price }) {
    const { invites } = caller.world;
    const chat = inviting(caller, chat_id);
    checkPeriod(caller.bot, subscription_period);
    if (chat.type !== 'channel') throw badRequest('PRICING_CHAT_INVALID');
    const link = invites.create(chat, caller.bot.id, {
      ...(name === '' ? {} : { name }),
      createsJoinRequest: false,
      isPrimary: false,
      subscription: { period: subscription_period, price: subscription_price },
    });
    return invites.view(chat, link, caller.bot.id);
  },

  editChatSubscriptionInviteLink(caller, { chat_id, invite_link, name }) {
    const { chat, link } = ownLink(caller, chat_id, invite_link);
    if (link.isRevoked || link.subscription === undefined) throw badRequest('INVITE_HASH_EXPIRED');
    delete link.name;
    if (name !== '') link.name = name;
    return caller.world.invites.view(chat, link, caller.bot.id);
  },

  revokeChatInviteLink(caller, { chat_id, invite_link }) {
    const { chat, link } = ownLink(caller, chat_id, invite_link);
    link.isRevoked = true;
    caller.world.sharedChats.tell(chat);
    return caller.world.invites.view(chat, link, caller.bot.id);
  },

  approveChatJoinRequest(caller, { chat_id, user_id }) {
    caller.world.invites.decide(inviting(caller, chat_id), user_id, caller.bot.user(), true);
    return true;
  },

  declineChatJoinRequest(caller, { chat_id, user_id }) {
    caller.world.invites.decide(inviting(caller, chat_id), user_id, caller.bot.user(), false);
    return true;
  },
};
