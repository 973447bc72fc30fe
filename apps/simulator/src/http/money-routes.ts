import type { Place } from '../world/bot.js';
import { WorldError } from '../world/errors.js';
import type { Offer } from '../world/offer.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import * as schemas from './control-schemas.js';
import type { Server } from './fastify.js';
import { forwardView, invoiceView } from './views.js';

/** Paying and forwarding invoices. */
export function moneyRoutes(server: Server, world: World): void {
  const { checkout, conversations } = world;

  const offerOfMessage = (place: Place, messageId: number): Offer => {
    const { offerId } = conversations.message(place, messageId);
    if (offerId === undefined) throw new WorldError('not_an_invoice', `Message ${messageId} is not an invoice.`);
    return checkout.offer(offerId);
  };
  const placeOf = (where: { readonly botId: number } | { readonly chatId: number }, userId: number): Place =>
    'botId' in where ? world.chat(world.bot(where.botId), world.person(userId)) : world.sharedChats.get(where.chatId);

  control(server, 'GET', '/invoices', { query: schemas.invoiceQuery }, ({ query }) =>
    invoiceView(checkout.offerByLink(query.link)),
  );
  control(server, 'POST', '/payments', { body: schemas.paySchema }, ({ body }) => {
    const person = world.person(body.userId);
    if ('link' in body) return checkout.pay(person, checkout.offerByLink(body.link));
    if ('messageId' in body) {
      const place = placeOf(body, body.userId);
      if (conversations.message(place, body.messageId).message.paid_media !== undefined) {
        return world.paidMedia.buy(person, place, body.messageId, 'botId' in body ? world.bot(body.botId) : undefined);
      }
      const offer = offerOfMessage(place, body.messageId);
      return checkout.pay(person, offer, 'botId' in body ? body.messageId : undefined);
    }
    const forward = person.inbox.find(({ id }) => id === body.forwardId);
    if (forward === undefined) throw new WorldError('forward_not_found', 'There is no such forwarded invoice.', 404);
    if (forward.url !== undefined) throw new WorldError('not_payable', `The copy leads to ${forward.url} instead.`);
    return checkout.pay(person, checkout.offer(forward.offerId));
  });
  control(server, 'POST', '/forwards', { body: schemas.forwardSchema }, ({ body }) => {
    const offer = offerOfMessage(placeOf(body, body.fromUserId), body.messageId);
    return forwardView(world, checkout.forward(offer, world.person(body.fromUserId), world.person(body.toUserId)));
  });
}
