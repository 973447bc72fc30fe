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

  /** @param viewerId the viewer, who determines the commands and the unlocked media */
  sharedChat(chatId: number, viewerId?: number): Promise<SharedChatView> {
    return this.read(`/shared-chats/${chatId}${viewerId === undefined ? '' : `?userId=${viewerId}`}`);
  }

  /** Gives a chat a public name, removes it, or makes people who join by it send a request. Bots get no update. */
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

  /** Turns a group into a supergroup with another id. @param options the first update that bots get */
  upgradeGroup(chatId: number, options: UpgradeInput = {}): Promise<SharedChatView> {
    return this.write(`/shared-chats/${chatId}/upgrade`, options);
  }

  /** The preview of an invite link, or of the `@name` of a public chat. */
  invite(link: string): Promise<InviteView> {
    return this.read(`/invites?link=${encodeURIComponent(link)}`);
  }

  /** Follows an invite link, or the `@name` of a public chat: joins, pays and joins, or requests to join. */
  join(userId: number, link: string): Promise<JoinOutcome> {
    return this.write('/joins', { userId, link });
  }

  /** A human administrator decides on a request to join; the owner if `byId` is omitted. */
  decideRequest(chatId: number, userId: number, approve: boolean, byId?: number): Promise<SharedChatView> {
    const decision = byId === undefined ? { approve } : { approve, byId };
    return this.write(`/shared-chats/${chatId}/requests/${userId}`, decision);
  }

  /** Gifts that can be bought. */
  gifts(): Promise<readonly Gift[]> {
    return this.read('/gifts');
  }

  /** Gives a person's gift to another, paid from the giver's wallet. */
  giveGift(gift: GiftInput): Promise<AccountView> {
    return this.write('/gifts', gift);
  }

  /** The gifts of the account and the bots that are connected to it. */
  account(userId: number): Promise<AccountView> {
    return this.read(`/users/${userId}/account`);
  }

  /** The person connects a bot to their account, changes its rights, or disconnects it. */
  connectBusiness({ botId, userId }: ChatKey, connection: BusinessInput): Promise<BusinessConnection> {
    return this.send('PUT', `/chats/${botId}/${userId}/business`, connection);
  }

  /** The person types `@bot query` in a chat. Resolves with the bot's answer, within ten seconds. */
  inlineQuery(query: InlineQueryInput): Promise<InlineAnswerView> {
    return this.write('/inline-queries', query);
  }

  /** The person opens a Mini App in their chat with the bot. @returns the query id for answerWebAppQuery */
  async openWebApp({ botId, userId }: ChatKey): Promise<string> {
    const { queryId } = await this.write<{ queryId: string }>(`/chats/${botId}/${userId}/web-apps`);
    return queryId;
  }

  /**
   * Picks a result, or sends a prepared message by passing its id as the query's. It appears in the chat with a bot,
   * in a group or channel, or with a friend.
   */
  pick(queryId: string, pick: PickInput): Promise<void> {
    return this.write(`/inline-queries/${queryId}/pick`, pick);
  }
}
