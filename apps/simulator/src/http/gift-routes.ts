import { ApiError, WorldError } from '../world/errors.js';
import type { OwnedGift } from '../world/person.js';
import type { BusinessConnection } from '../world/telegram-types.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import * as schemas from './control-schemas.js';
import type { Server } from './fastify.js';

/** A person's gifts, and the bots that act for their account. */
export interface AccountView {
  readonly gifts: readonly OwnedGift[];
  readonly connections: readonly (BusinessConnection & { readonly botId: number })[];
}

function accountView(world: World, userId: number): AccountView {
  const { gifts } = world.person(userId);
  const connections = world.business.of(userId).map((each) => ({ ...world.business.view(each), botId: each.botId }));
  return { gifts, connections };
}

/** A person's actions with gifts and business connections. */
export function giftRoutes(server: Server, world: World): void {
  control(server, 'GET', '/gifts', {}, () => world.gifts.available());
  control(server, 'POST', '/gifts', { body: schemas.giftSchema }, ({ body }) => {
    const { fromUserId, toUserId, giftId, text } = body;
    inPersonsWords(() => world.gifts.personGives(world.person(fromUserId), world.person(toUserId), giftId, text));
    return accountView(world, toUserId);
  });
  control(server, 'GET', '/users/:userId/account', { params: schemas.userParams }, ({ params: { userId } }) =>
    accountView(world, userId),
  );
  control(
    server,
    'PUT',
    '/chats/:botId/:userId/business',
    { params: schemas.chatParams, body: schemas.businessSchema },
    ({ params: { botId, userId }, body: { rights, isEnabled } }) =>
      world.business.view(world.business.connect(world.bot(botId), world.person(userId), rights, isEnabled)),
  );
}

function inPersonsWords(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) throw new WorldError('no_such_gift', 'This gift is not available.', 404);
    throw error;
  }
}
