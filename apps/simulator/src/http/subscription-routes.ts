import type { Subscription, SubscriptionState } from '../world/subscriptions.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import { subscriptionParams, userParams } from './control-schemas.js';
import type { Server } from './fastify.js';

export interface SubscriptionView extends Subscription {
  readonly state: SubscriptionState;
}

const subscriptionView = (world: World, subscription: Subscription): SubscriptionView => ({
  ...subscription,
  state: world.subscriptions.state(subscription),
});

/** A person's actions on subscriptions, and the effects of time and of an empty wallet. */
export function subscriptionRoutes(server: Server, world: World): void {
  control(server, 'GET', '/users/:userId/subscriptions', { params: userParams }, ({ params: { userId } }) =>
    world.subscriptions.of(world.person(userId).user.id).map((each) => subscriptionView(world, each)),
  );
  for (const verb of ['cancel', 'resume', 'renew', 'fail'] as const) {
    control(server, 'POST', `/subscriptions/:subscriptionId/${verb}`, { params: subscriptionParams }, ({ params }) => {
      world.subscriptions[verb](params.subscriptionId);
      return subscriptionView(world, world.subscriptions.get(params.subscriptionId));
    });
  }
}
