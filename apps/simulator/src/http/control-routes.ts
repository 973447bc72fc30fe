import { SECOND } from '#libs/kernel';
import type { z } from 'zod';
import { WorldError } from '../world/errors.js';
import type { FaultRule } from '../world/faults.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import * as schemas from './control-schemas.js';
import type { Server } from './fastify.js';
import { giftRoutes } from './gift-routes.js';
import { inlineRoutes } from './inline-routes.js';
import { mailRoutes } from './mail-routes.js';
import { moneyRoutes } from './money-routes.js';
import { chosenButton, sharedChatRoutes } from './shared-chat-routes.js';
import { subscriptionRoutes } from './subscription-routes.js';
import { botView, chatSummary, chatView, userDetails, userView } from './views.js';

/** The actions of a person, a test or a demo on the world: everything except the Bot API. */
export function controlRoutes(server: Server, world: World): void {
  botRoutes(server, world);
  userRoutes(server, world);
  chatRoutes(server, world);
  moneyRoutes(server, world);
  subscriptionRoutes(server, world);
  sharedChatRoutes(server, world);
  inlineRoutes(server, world);
  giftRoutes(server, world);
  mailRoutes(server);
  worldRoutes(server, world);
}

function botRoutes(server: Server, world: World): void {
  const params = schemas.botParams;
  control(server, 'GET', '/bots', {}, () => [...world.bots.values()].map(botView));
  control(server, 'POST', '/bots', { body: schemas.newBotSchema }, ({ body }) => {
    const bot = world.createBot(body);
    return { ...botView(bot), token: bot.token };
  });
  control(server, 'POST', '/bots/:botId/token', { params }, ({ params: { botId } }) => ({
    token: world.revokeToken(world.bot(botId)),
  }));
  control(server, 'GET', '/bots/:botId/webhook', { params }, ({ params: { botId } }) => {
    const { webhook, queue } = world.bot(botId);
    return {
      url: webhook?.settings.url ?? '',
      pendingUpdates: queue.pending().length,
      ...(webhook?.lastError === undefined ? {} : { lastError: webhook.lastError }),
    };
  });
  control(server, 'GET', '/bots/:botId/transactions', { params }, ({ params: { botId } }) => {
    const { ledger } = world.bot(botId);
    return { balance: ledger.balance(), transactions: ledger.all() };
  });
  control(
    server,
    'PUT',
    '/bots/:botId/settings',
    { params, body: schemas.botSettings },
    ({ params: { botId }, body }) => {
      const bot = world.bot(botId);
      world.setUp(bot, body);
      return botView(bot);
    },
  );
  control(
    server,
    'POST',
    '/bots/:botId/withdrawals',
    { params, body: schemas.amountSchema },
    ({ params: { botId }, body }) => {
      const bot = world.bot(botId);
      world.till.withdraw(bot, body.amount);
      return botView(bot);
    },
  );
}

function userRoutes(server: Server, world: World): void {
  const params = schemas.userParams;
  control(server, 'GET', '/users', {}, () => [...world.people.values()].map(userView));
  control(server, 'POST', '/users', { body: schemas.newUserSchema }, ({ body }) => userView(world.createPerson(body)));
  control(server, 'GET', '/users/:userId', { params }, ({ params: { userId } }) =>
    userDetails(world, world.person(userId)),
  );
  control(server, 'GET', '/users/:userId/chats', { params }, ({ params: { userId } }) => {
    const person = world.person(userId);
    return [...world.bots.values()].map((bot) => chatSummary(bot, person));
  });
  control(server, 'POST', '/users/:userId/deactivate', { params }, ({ params: { userId } }) => {
    const person = world.person(userId);
    world.deactivate(person);
    return userView(person);
  });
  control(
    server,
    'PUT',
    '/users/:userId/language',
    { params, body: schemas.languageSchema },
    ({ params: { userId }, body }) => {
      const person = world.person(userId);
      world.setLanguage(person, body.language_code);
      return userView(person);
    },
  );
  control(
    server,
    'POST',
    '/users/:userId/top-ups',
    { params, body: schemas.amountSchema },
    ({ params: { userId }, body }) => {
      const person = world.person(userId);
      world.topUp(person, body.amount);
      return userView(person);
    },
  );
}

function chatRoutes(server: Server, world: World): void {
  const params = schemas.chatParams;
  const { conversations } = world;
  const both = ({ botId, userId }: z.infer<typeof params>) => [world.bot(botId), world.person(userId)] as const;

  control(server, 'GET', '/chats/:botId/:userId', { params }, (input) => chatView(...both(input.params)));
  control(
    server,
    'POST',
    '/chats/:botId/:userId/messages',
    { params, body: schemas.sendSchema },
    ({ params: ids, body }) => {
      const [bot, person] = both(ids);
      if ('text' in body) return conversations.personSays(bot, person, body.text, body.repliesTo);
      if ('location' in body) return conversations.personSends(bot, person, { location: body.location });
      const { kind, name, mimeType, base64 } = body.file;
      const file = world.files.store(kind, bot.id, { name, mimeType, bytes: Buffer.from(base64, 'base64') });
      return conversations.personSendsFile(bot, person, file, body);
    },
  );
  control(
    server,
    'POST',
    '/chats/:botId/:userId/start',
    { params, body: schemas.startSchema },
    ({ params: ids, body }) =>
      conversations.personSays(...both(ids), body.payload === undefined ? '/start' : `/start ${body.payload}`),
  );
  control(
    server,
    'POST',
    '/chats/:botId/:userId/presses',
    { params, body: schemas.pressSchema },
    ({ params: ids, body }) => {
      const [bot, person] = both(ids);
      return { callbackQueryId: conversations.press(bot, person, body.messageId, chosenButton(body)) };
    },
  );
  control(
    server,
    'PUT',
    '/chats/:botId/:userId/blocked',
    { params, body: schemas.blockedSchema },
    ({ params: ids, body }) => {
      conversations.setBlocked(...both(ids), body.blocked);
      return chatView(...both(ids));
    },
  );
  control(server, 'GET', '/files/:botId/:fileId', { params: schemas.fileParams }, ({ params: { botId, fileId } }) => {
    const file = world.files.find(botId, fileId);
    if (file === undefined) throw new WorldError('file_not_found', 'There is no such file.', 404);
    return file.upload.bytes;
  });
}

function worldRoutes(server: Server, world: World): void {
  const clockView = () => ({ now: world.clock.now().toISOString() });
  control(server, 'GET', '/log', { query: schemas.logQuery }, ({ query }) => world.log.read(query));
  control(server, 'GET', '/clock', {}, clockView);
  control(server, 'POST', '/clock', { body: schemas.clockSchema }, ({ body }) => {
    world.clock.advance(body.advanceSeconds * SECOND);
    world.changes.tell({ type: 'clock' });
    return clockView();
  });
  control(server, 'GET', '/faults', {}, () => world.faults.state());
  control(server, 'PUT', '/faults', { body: schemas.faultsSchema }, ({ body }) => {
    if (body.seed !== undefined) world.reseed(body.seed);
    world.faults.set(body.rules satisfies readonly FaultRule[]);
    return world.faults.state();
  });
  control(server, 'POST', '/reset', { body: schemas.resetSchema }, ({ body }) => world.reset(body.seed));
}
