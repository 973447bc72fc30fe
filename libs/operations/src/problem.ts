import type { IdKind } from '#libs/kernel';

/** What may be wrong for a bot that its creator, or its creator's server, has to know of. */
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

/** One problem, however many orders, refunds or people it keeps waiting. */
export interface Problem {
  readonly kind: ProblemKind;
  /** UUID of the product, the bot, the chat or the endpoint; a kind of jobs for `jobs_parked`. */
  readonly subject: string;
  readonly count: number;
  readonly since: Date;
  /** Of the newest that it is about. */
  readonly error: string | null;
}

interface Rule {
  /** What the subject is the id of; undefined when it is no id. */
  readonly subject: IdKind | undefined;
  readonly remedy: string;
}

export const PROBLEM_RULES: Readonly<Record<ProblemKind, Rule>> = {
  goods_refused: {
    subject: 'product',
    remedy:
      'Mend your server: it is asked again until the deadline of each order. POST /v1/orders/{id}/deliver with the mode send_again has it asked at once.',
  },
  refunds_delayed: {
    subject: 'bot',
    remedy:
      'Telegram refuses a refund when the bot has too few Stars. Promised refunds are tried again when Stars come in; POST /v1/orders/{id}/refunds tries one now.',
  },
  buyers_kept_out: {
    subject: 'chat',
    remedy:
      'GET /v1/chats/{id}/members shows the `failure` of each. A buyer in too many chats was told to leave one; a ban is for an administrator of the chat to lift.',
  },
  endpoints_failing: {
    subject: 'endpoint',
    remedy:
      'GET /v1/endpoints/{id}/deliveries shows what your server answered. It is disabled after five days of failures.',
  },
  webhook_sick: {
    subject: 'bot',
    remedy:
      'GET /v1/bots/{id}/webhook shows what Telegram says. If its updates go elsewhere, stop the other tool and register the bot again with `take_over: true`.',
  },
  alerts_unreachable: {
    subject: 'bot',
    remedy:
      'Open the bot of PUT /v1/alerts with your own account and press Start: what you missed is said then. If that bot was removed, set another one.',
  },
  jobs_parked: {
    subject: undefined,
    remedy:
      'It was given up after its last try. Ask the support of the platform to have it tried again once its cause is mended.',
  },
};
