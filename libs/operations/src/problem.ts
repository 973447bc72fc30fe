import type { IdKind } from '#libs/kernel';

/** Kinds of problems of a bot that its creator, or the creator's server, has to know about. */
export const PROBLEMS = [
  'goods_refused',
  'refunds_delayed',
  'buyers_kept_out',
  'endpoints_failing',
  'webhook_sick',
  'alerts_unreachable',
  'jobs_parked',
] as const;
export type ProblemKind = (typeof PROBLEMS)[number];

/** One problem, however many orders, refunds or people are affected. */
export interface Problem {
  readonly kind: ProblemKind;
  /** UUID of the product, the bot, the chat or the endpoint; a kind of jobs for `jobs_parked`. */
  readonly subject: string;
  readonly count: number;
  readonly since: Date;
  /** The error of the newest affected item. */
  readonly error: string | null;
}

interface Rule {
  /** The kind of id that the subject is; undefined when it is not an id. */
  readonly subject: IdKind | undefined;
  readonly remedy: string;
}

export const PROBLEM_RULES: Readonly<Record<ProblemKind, Rule>> = {
  goods_refused: {
    subject: 'product',
    remedy:
      'Fix your server: requests are retried until the deadline of each order. POST /v1/orders/{id}/deliver with the mode send_again retries at once.',
  },
  refunds_delayed: {
    subject: 'bot',
    remedy:
      'Telegram refuses a refund when the bot has too few Stars. Promised refunds are retried when Stars come in; POST /v1/orders/{id}/refunds retries one now.',
  },
  buyers_kept_out: {
    subject: 'chat',
    remedy:
      'GET /v1/chats/{id}/members shows the `failure` of each. A buyer in too many chats was asked to leave one; only an administrator of the chat can lift a ban.',
  },
  endpoints_failing: {
    subject: 'endpoint',
    remedy:
      "GET /v1/endpoints/{id}/deliveries shows your server's responses. It is disabled after five days of failures.",
  },
  webhook_sick: {
    subject: 'bot',
    remedy:
      "GET /v1/bots/{id}/webhook shows Telegram's view. If updates go elsewhere, stop the other tool and register the bot again with `take_over: true`.",
  },
  alerts_unreachable: {
    subject: 'bot',
    remedy:
      'Open the bot of PUT /v1/alerts with your own account and press Start: it then sends the missed alerts. If that bot was removed, choose another one.',
  },
  jobs_parked: {
    subject: undefined,
    remedy: "It was given up after its last attempt. Ask the platform's support to retry it once the cause is fixed.",
  },
};
