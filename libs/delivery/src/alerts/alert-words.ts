import type { Limit } from '#libs/quotas';

/** The texts of alerts to a workspace's members. Reasons given by Telegram or a server are quoted unchanged. */
export interface AlertWords {
  readonly stars: (n: number) => string;
  readonly theStars: string;
  readonly something: string;
  readonly unknown: string;
  readonly reason: (said: string) => string;
  readonly bot: (name: string) => string;
  readonly about: (title: string) => string;
  readonly buyer: (name: string) => string;
  readonly showOrder: string;

  readonly sold: (title: string, price: string) => string;
  readonly notDelivered: (title: string) => string;
  readonly notSold: (title: string) => string;

  readonly asked: string;
  readonly sentFile: (kind: string, path: string) => string;
  readonly howToAnswer: string;

  readonly limits: Readonly<Record<Limit, string>>;
  readonly planUsed: (limit: string, used: number, allowed: number) => string;
  readonly planExhausted: string;
  readonly planNearly: string;
  readonly planHelp: string;

  readonly notRemoved: (failures: number) => string;
  readonly obligations: (path: string) => string;

  readonly chatPublic: (title: string) => string;
  readonly untilPrivate: string;
  readonly chatLost: (title: string) => string;
  readonly untilManaged: string;

  readonly answerLost: string;
  readonly answerWaits: string;
  readonly answerAgain: string;
  /** @param kind of a job; shown as it is if the kind no longer exists */
  readonly gaveUp: (kind: string) => string;
  readonly staffSee: string;
  readonly goodsRefused: string;
  readonly goodsAskedAgain: string;
  readonly goodsAgain: string;
  readonly notLetOut: string;
  readonly notLetIn: string;
  readonly accessAgain: string;
  readonly refundDelayed: (stars: string) => string;
  readonly refundPromised: string;
  readonly refundAgain: string;
  readonly refundRefused: (stars: string) => string;
  readonly refundHelp: string;

  readonly endpointFailing: (host: string) => string;
  readonly endpointTries: (path: string) => string;
  readonly endpointWell: (host: string) => string;
  readonly endpointResend: (path: string) => string;
  readonly endpointOff: (host: string) => string;
  readonly endpointEnable: (path: string) => string;

  readonly deaf: (bot: string) => string;
  readonly webhook: Readonly<Record<string, string>>;
  readonly address: (host: string) => string;
  readonly hears: (bot: string) => string;

  readonly strayRefund: string;
  readonly strayPayment: string;
  readonly reported: (amount: string) => string;
  readonly strayList: string;
}
