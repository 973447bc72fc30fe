import type { MovableClock } from './clock.js';
import {
  type Earning,
  type InviteLink,
  type JoinRequest,
  SharedChat,
  type SharedChatInit,
  type Standing,
} from './shared-chat.js';
import type { StoredMessage } from './stored-message.js';

/** A group or channel as JSON. */
export interface SharedChatSnapshot extends SharedChatInit {
  readonly standings: readonly (readonly [number, Standing])[];
  readonly links: readonly InviteLink[];
  readonly requests: readonly JoinRequest[];
  readonly messages: readonly StoredMessage[];
  readonly earnings: readonly Earning[];
  readonly nextMessageId: number;
  readonly migratedTo?: number;
}

/** @param skippedIds as for the world */
export function sharedChatSnapshot(chat: SharedChat, skippedIds: number): SharedChatSnapshot {
  const { id, type, title, username, joinByRequest, instance, earnings, migratedTo } = chat;
  return {
    id,
    type,
    title,
    ...(username === undefined ? {} : { username }),
    ...(joinByRequest ? { joinByRequest } : {}),
    instance,
    standings: [...chat.standings],
    links: [...chat.links.values()],
    requests: [...chat.requests.values()],
    messages: [...chat.messages.values()],
    earnings,
    nextMessageId: chat.nextMessageId + skippedIds,
    ...(migratedTo === undefined ? {} : { migratedTo }),
  };
}

export function restoredSharedChat(snapshot: SharedChatSnapshot, clock: MovableClock): SharedChat {
  const chat = new SharedChat(snapshot, clock);
  for (const [id, standing] of snapshot.standings) chat.standings.set(id, standing);
  for (const link of snapshot.links) chat.links.set(link.url, link);
  for (const request of snapshot.requests) chat.requests.set(request.userId, request);
  for (const [id, message] of byMessageId(snapshot.messages)) chat.messages.set(id, message);
  chat.earnings.push(...snapshot.earnings);
  chat.nextMessageId = snapshot.nextMessageId;
  chat.migratedTo = snapshot.migratedTo;
  return chat;
}

export function byMessageId(messages: readonly StoredMessage[]): Map<number, StoredMessage> {
  return new Map(messages.map((each) => [each.message.message_id, each]));
}
