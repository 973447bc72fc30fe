import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.js';

export { type WebhookEvent, webhookEvent, type WebhookHeaders, WebhookRefused } from './webhook.js';

/** An object of the API by its name in the documentation: `Schema<'Order'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every route of the API, with typed requests and responses. */
export type StarwallClient = Client<paths>;

/**
 * A refusal of the API. Switch on `code`; docs/errors.md explains every code. The message contains the sentence, the
 * remedy and each invalid field.
 */
export class StarwallProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Schema<'Problem'>,
  ) {
    const fields = (problem.errors ?? []).map(({ path, message }) => `\n  ${path || 'body'}: ${message}`);
    super(`${problem.detail} ${problem.remedy}${fields.join('')}`);
  }

  /** Stable: a code never changes its meaning, so programs can switch on it. */
  get code(): string {
    return this.problem.code;
  }

  override get name(): string {
    return 'StarwallProblem';
  }
}

/** A response that is not from Starwall, for example from a proxy in front of it. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    url: string,
  ) {
    super(`${url} answered ${status}, but not in Starwall's format.`);
  }
}

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

/**
 * The data of a response: `const order = await answered(api.GET('/v1/orders/{id}', ...))`.
 * @throws StarwallProblem when the API refused, and UnexpectedAnswer when something else answered
 */
export async function answered<Data>(
  call: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  if (isProblem(error)) throw new StarwallProblem(response.status, error);
  throw new UnexpectedAnswer(response.status, response.url);
}

function isProblem(value: unknown): value is Schema<'Problem'> {
  return typeof value === 'object' && value !== null && 'code' in value && 'remedy' in value;
}
