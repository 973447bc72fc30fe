import { ApiError, WorldError } from '../world/errors.js';
import type { InviteLink, JoinRequest, SharedChat, SharedChatType, Standing } from '../world/shared-chat.js';
import type { Person } from '../world/person.js';
import type { BotCommand, ChatMember, InlineKeyboardButton, User } from '../world/telegram-types.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import * as schemas from './control-schemas.js';
import type { Server } from './fastify.js';
import { type MessageView, messageView } from './views.js';

export interface SharedChatSummary {
  readonly id: number;
  readonly type: SharedChatType;
  readonly title: string;
  readonly username?: string;
  readonly joinByRequest: boolean;
  /** Stars that the channel itself earned. */
  readonly balance: number;
  readonly members: readonly ChatMember[];
  readonly lastMessage?: MessageView;
  /** The id of the supergroup that it has become. */
  readonly migratedTo?: number;
}

export interface SharedChatView extends SharedChatSummary {
  readonly links: readonly InviteLink[];
  readonly requests: readonly (JoinRequest & { readonly user: User })[];
  readonly messages: readonly MessageView[];
  /** The commands that its bots offer the viewer, as `shop@some_bot`; empty without a viewer. */
  readonly commands: readonly BotCommand[];
}

/** The preview of an invite link. */
export interface InviteView {
  readonly chatId: number;
  readonly title: string;
  readonly type: SharedChatType;
  readonly createsJoinRequest: boolean;
  readonly subscription?: { readonly period: number; readonly price: number };
}

const shownMessages = (chat: SharedChat, viewerId?: number): MessageView[] =>
  [...chat.messages.values()].map((stored) => messageView(stored, viewerId));

function summary(world: World, chat: SharedChat): SharedChatSummary {
  const { id, type, title, username, joinByRequest, migratedTo } = chat;
  const lastMessage = shownMessages(chat).at(-1);
  return {
    id,
    type,
    title,
    ...(username === undefined ? {} : { username }),
    joinByRequest,
    balance: chat.balance(),
    members: world.sharedChats.members(chat),
    ...(lastMessage === undefined ? {} : { lastMessage }),
    ...(migratedTo === undefined ? {} : { migratedTo }),
  };
}

const view = (world: World, chat: SharedChat, viewerId?: number): SharedChatView => ({
  ...summary(world, chat),
  links: [...chat.links.values()],
  requests: [...chat.requests.values()].map((request) => ({
    ...request,
    user: world.sharedChats.user(request.userId),
  })),
  messages: shownMessages(chat, viewerId),
  commands: viewerId === undefined ? [] : commandsOf(world, chat, world.person(viewerId)),
});

const commandsOf = (world: World, chat: SharedChat, { user }: Person): BotCommand[] =>
  [...world.bots.values()]
    .filter((bot) => chat.isIn(bot.id))
    .flatMap((bot) =>
      bot
        .commandsInGroup(chat, user)
        .map(({ command, description }) => ({ command: `${command}@${bot.username}`, description })),
    );

/** The pressed button, given by its data or its position. */
export const chosenButton =
  ({ data, button }: { readonly data?: string | undefined; readonly button?: number | undefined }) =>
  (candidate: InlineKeyboardButton, index: number): boolean =>
    data === undefined ? index === button : candidate.callback_data === data;

function standingOf(body: {
  readonly status: Standing['status'];
  readonly rights?: Record<string, boolean>;
}): Standing {
  if (body.status === 'administrator') return { status: 'administrator', rights: body.rights ?? {} };
  return body.status === 'kicked' ? { status: 'kicked', until: 0 } : { status: body.status };
}

function ownerOf(chat: SharedChat): number {
  const [owner] = [...chat.standings].find(([, { status }]) => status === 'creator') ?? [0];
  return owner;
}

/** Groups and channels: members, messages, and ways to join. */
export function sharedChatRoutes(server: Server, world: World): void {
  const { sharedChats, conversations, invites } = world;
  const params = schemas.sharedChatParams;

  control(server, 'GET', '/shared-chats', {}, () => [...sharedChats.byId.values()].map((chat) => summary(world, chat)));
  control(server, 'POST', '/shared-chats', { body: schemas.newSharedChatSchema }, ({ body }) =>
    view(world, sharedChats.create(body)),
  );
  control(
    server,
    'GET',
    '/shared-chats/:chatId',
    { params, query: schemas.viewerQuery },
    ({ params: { chatId }, query }) => view(world, sharedChats.get(chatId), query.userId),
  );
  control(
    server,
    'PATCH',
    '/shared-chats/:chatId',
    { params, body: schemas.opennessSchema },
    ({ params: { chatId }, body }) => {
      const chat = sharedChats.get(chatId);
      sharedChats.open(chat, body);
      return view(world, chat);
    },
  );
  control(
    server,
    'POST',
    '/shared-chats/:chatId/upgrade',
    { params, body: schemas.upgradeSchema },
    ({ params: { chatId }, body }) =>
      view(world, sharedChats.upgrade(sharedChats.get(chatId), body.first === 'membership')),
  );
  control(
    server,
    'PUT',
    '/shared-chats/:chatId/members/:memberId',
    { params: schemas.memberParams, body: schemas.standingSchema },
    ({ params: { chatId, memberId }, body }) => {
      const chat = sharedChats.get(chatId);
      sharedChats.setStanding(chat, memberId, body.byId ?? ownerOf(chat), standingOf(body));
      return view(world, chat);
    },
  );
  control(
    server,
    'POST',
    '/shared-chats/:chatId/messages',
    { params, body: schemas.postSchema },
    ({ params: { chatId }, body }) =>
      conversations.personSaysIn(sharedChats.get(chatId), world.person(body.userId), body.text, body.repliesTo),
  );
  control(
    server,
    'POST',
    '/shared-chats/:chatId/presses',
    { params, body: schemas.pressInSchema },
    ({ params: { chatId }, body }) => {
      const [chat, person] = [sharedChats.get(chatId), world.person(body.userId)];
      return { callbackQueryId: conversations.pressIn(chat, person, body.messageId, chosenButton(body)) };
    },
  );
  control(
    server,
    'POST',
    '/shared-chats/:chatId/requests/:memberId',
    { params: schemas.memberParams, body: schemas.decisionSchema },
    ({ params: { chatId, memberId }, body }) => {
      const chat = sharedChats.get(chatId);
      decide(world, chat, memberId, body.byId ?? ownerOf(chat), body.approve);
      return view(world, chat);
    },
  );
  control(server, 'GET', '/invites', { query: schemas.invitesQuery }, ({ query }): InviteView => {
    const { chat, link } = invites.find(query.link);
    const { id: chatId, title, type } = chat;
    const { createsJoinRequest, subscription } = link ?? { createsJoinRequest: chat.joinByRequest };
    return { chatId, title, type, createsJoinRequest, ...(subscription === undefined ? {} : { subscription }) };
  });
  control(server, 'POST', '/joins', { body: schemas.joinSchema }, ({ body }) =>
    invites.join(world.person(body.userId), body.link),
  );
}

/** A human administrator decides on a request to join. */
function decide(world: World, chat: SharedChat, userId: number, byId: number, approve: boolean): void {
  if (!chat.has(byId, 'can_invite_users')) {
    throw new WorldError('not_an_administrator', 'Only administrators who may invite can decide.', 403);
  }
  try {
    world.invites.decide(chat, userId, world.sharedChats.user(byId), approve);
  } catch (error) {
    if (error instanceof ApiError) throw new WorldError('no_request', 'This person has not asked to join.', 404);
    throw error;
  }
}
