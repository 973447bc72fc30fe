import { type ChatKey, ControlClient } from './client-transport.js';
import type {
  BusinessInput,
  GiftInput,
  InlineQueryInput,
  NewSharedChatInput,
  OpennessInput,
  PickInput,
  StandingInput,
  UpgradeInput,
} from './http/control-schemas.js';
import type { AccountView } from './http/gift-routes.js';
import type { InlineAnswerView } from './http/inline-routes.js';
import type { InviteView, SharedChatSummary, SharedChatView } from './http/shared-chat-routes.js';
import type { JoinOutcome } from './world/invites.js';
import type { BusinessConnection, Gift, Message } from './world/telegram-types.js';

/** Groups, channels, inline mode, gifts and business accounts. */
export abstract class ChatsClient extends ControlClient {
  createSharedChat(chat: NewSharedChatInput): Promise<SharedChatView> {
    return this.write('/shared-chats', chat);
  }

  sharedChats(): Promise<readonly SharedChatSummary[]> {
    return this.read('/shared-chats');
  }

  /** @param viewerId whose eyes: their commands, and what they have unlocked */
  sharedChat(chatId: number, viewerId?: number): Promise<SharedChatView> {
    return this.read(`/shared-chats/${chatId}${viewerId === undefined ? '' : `?userId=${viewerId}`}`);
  }

  /** Gives a chat a public name, takes it away, or has it ask whoever comes by it. No bot is told. */
  openSharedChat(chatId: number, openness: OpennessInput): Promise<SharedChatView> {
    return this.send('PATCH', `/shared-chats/${chatId}`, openness);
  }

  /** Adds, promotes, demotes or removes a person or a bot. */
  setMember(chatId: number, memberId: number, standing: StandingInput): Promise<SharedChatView> {
    return this.send('PUT', `/shared-chats/${chatId}/members/${memberId}`, standing);
  }

  post(chatId: number, userId: number, text: string): Promise<Message> {
    return this.write(`/shared-chats/${chatId}/messages`, { userId, text });
  }

  /** Turns a group into a supergroup with another id. @param options what bots hear first */
  upgradeGroup(chatId: number, options: UpgradeInput = {}): Promise<SharedChatView> {
    return this.write(`/shared-chats/${chatId}/upgrade`, options);
  }

  /** What an invite link, or the `@name` of a public chat, shows before one joins. */
  invite(link: string): Promise<InviteView> {
    return this.read(`/invites?link=${encodeURIComponent(link)}`);
  }

  /** Follows an invite link, or the `@name` of a public chat: joins, pays and joins, or asks to be let in. */
  join(userId: number, link: string): Promise<JoinOutcome> {
    return this.write('/joins', { userId, link });
  }

  /** A human administrator answers a request to join; the owner when `byId` is left out. */
  decideRequest(chatId: number, userId: number, approve: boolean, byId?: number): Promise<SharedChatView> {
    const decision = byId === undefined ? { approve } : { approve, byId };
    return this.write(`/shared-chats/${chatId}/requests/${userId}`, decision);
  }

  /** What is on the shelf. */
  gifts(): Promise<readonly Gift[]> {
    return this.read('/gifts');
  }

  /** One person gives another a gift, out of the wallet. */
  giveGift(gift: GiftInput): Promise<AccountView> {
    return this.write('/gifts', gift);
  }

  /** Gifts, and the bots that are connected to the account. */
  account(userId: number): Promise<AccountView> {
    return this.read(`/users/${userId}/account`);
  }

  /** The person connects a bot to their account, changes its rights, or disconnects it. */
  connectBusiness({ botId, userId }: ChatKey, connection: BusinessInput): Promise<BusinessConnection> {
    return this.send('PUT', `/chats/${botId}/${userId}/business`, connection);
  }

  /** The person types `@bot query` in some chat. Resolves with the bot's answer, within ten seconds. */
  inlineQuery(query: InlineQueryInput): Promise<InlineAnswerView> {
    return this.write('/inline-queries', query);
  }

  /** The person opens a Mini App in their chat with the bot. @returns the id that answerWebAppQuery wants */
  async openWebApp({ botId, userId }: ChatKey): Promise<string> {
    const { queryId } = await this.write<{ queryId: string }>(`/chats/${botId}/${userId}/web-apps`);
    return queryId;
  }

  /** Picks a result, or sends a prepared message, whose id then stands for the query: it appears in the chat with a bot, in a group or channel, or with a friend. */
  pick(queryId: string, pick: PickInput): Promise<void> {
    return this.write(`/inline-queries/${queryId}/pick`, pick);
  }
}
