import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.js';

export { answered, StarwallProblem, UnexpectedAnswer } from './answers.js';
export { EVENT_TYPES, type EventType } from './event-types.js';
export { followEvents, type FollowOptions } from './events.js';

export { type WebhookEvent, webhookEvent, type WebhookHeaders, WebhookRefused } from './webhook.js';

/** An object of the API by its name in the documentation: `Schema<'Order'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every route of the API, with typed requests and responses. */
export type StarwallClient = Client<paths>;

/**
 * A client of the API. It does not retry; send an `Idempotency-Key` with a write to repeat it safely.
 * @param options `url` is the address of the platform, `token` an API key, an access token, or a function that returns
 * one
 */
export function starwall(options: {
  readonly url: string;
  readonly token?: string | (() => string | Promise<string>);
}): StarwallClient {
  const client = createClient<paths>({ baseUrl: options.url });
  const { token } = options;
  if (token === undefined) return client;
  client.use({
    async onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
      return request;
    },
  });
  return client;
}
