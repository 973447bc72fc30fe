import { type AccessFacts, chatAccessView, chatEventView, type ChatFacts } from '#libs/chats';
import { type EventType, previousOf } from '#libs/journal';
import { DAY } from '#libs/kernel';
import { ID, metadata, type Sample, TELEGRAM_ID } from './sample-rows.js';

type ChatEvent = Extract<EventType, `chat.${string}` | `chat_access.${string}`>;

/** Sample events about a chat and a person's access to it; see {@link samplesAt}. */
export function chatSamples(now: Date): Readonly<Record<ChatEvent, Sample>> {
  const [chat, access] = [chatAt(now), accessAt(now)];
  const changed = (before: object, after: object): Sample => ({
    data: { ...after },
    previous: previousOf({ ...before }, { ...after }),
  });
  const accesses = (before: Partial<AccessFacts>, after: Partial<AccessFacts>) =>
    changed(chatAccessView({ ...access, ...before }), chatAccessView({ ...access, ...after }));
  const [inside, over] = [
    { state: 'member', joinedAt: now },
    { state: 'ended', endedAt: now, accessUntil: now },
  ] as const;
  return {
    'chat.connected': { data: chatEventView(chat) },
    'chat.updated': changed(chatEventView(chat), chatEventView({ ...chat, canRemove: false, lackingSince: now })),
    'chat_access.granted': accesses(over, {}),
    'chat_access.updated': accesses({}, { accessUntil: new Date(now.getTime() + 60 * DAY) }),
    'chat_access.joined': accesses({}, inside),
    'chat_access.left': accesses(inside, {}),
    'chat_access.failed': accesses({}, { failure: 'The buyer is in as many groups and channels as Telegram allows.' }),
    'chat_access.ended': accesses(inside, over),
  };
}

const chatAt = (createdAt: Date): ChatFacts => ({
  id: ID,
  botId: ID,
  telegramId: -1_000_000_000_000 - TELEGRAM_ID,
  type: 'channel',
  mergedInto: null,
  title: 'A test',
  username: null,
  joinByRequest: false,
  standing: 'administrator',
  canInvite: true,
  canRemove: true,
  lackingSince: null,
  admission: 'request',
  metadata,
  createdAt,
});

const accessAt = (now: Date): AccessFacts => ({
  id: ID,
  chatId: ID,
  botId: ID,
  buyerId: TELEGRAM_ID,
  state: 'invited',
  accessUntil: new Date(now.getTime() + 30 * DAY),
  failure: null,
  joinedAt: null,
  endedAt: null,
  createdAt: now,
  updatedAt: now,
});
