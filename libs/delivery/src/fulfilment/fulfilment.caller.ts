import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { clip, type Clock, publicId } from '#libs/kernel';
import { CLOCK, CONFIG, type Config, messageOf } from '#libs/runtime';
import { type FulfilmentAnswer, MAX_GOODS_BYTES, readAnswer } from './fulfilment.js';
import { FulfilmentProducts } from './fulfilment-product.service.js';
import { Outbound } from '../outbound/outbound.service.js';
import { signatureHeaders } from '../outbound/webhook.js';

/** A paid order whose goods have to be made. */
export interface FulfilmentRequest {
  readonly tenantId: string;
  readonly orderId: string;
  readonly productId: string;
  readonly url: string;
  /** The request's data: order, product and buyer, as the API shows them. */
  readonly data: Readonly<Record<string, unknown>>;
}

const USER_AGENT = 'Starwall/1 (+fulfilment; standardwebhooks 1.0.0)';

/** Asks a creator's server for the goods of one order. */
@Injectable()
export class FulfilmentCaller {
  private readonly livemode: boolean;

  constructor(
    private readonly db: Database,
    private readonly products: FulfilmentProducts,
    private readonly outbound: Outbound,
    @Inject(CONFIG) config: Pick<Config, 'livemode'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.livemode = config.livemode;
  }

  /**
   * Sends one request, signed like a webhook. Its `webhook-id` is the id of the order, the same for every attempt, so
   * that a server can avoid making the goods twice. Throws only for internal errors.
   */
  async ask({ tenantId, orderId, productId, url, data }: FulfilmentRequest): Promise<FulfilmentAnswer> {
    const [secrets, isTest] = await this.db.inTenant(tenantId, async (tx) => [
      await this.products.secrets(tx, productId),
      this.livemode && (await this.products.isTest(tx, productId)),
    ]);
    const [id, now] = [publicId('order', orderId), this.clock.now()];
    const livemode = this.livemode && !isTest;
    const body = JSON.stringify({ id, type: 'order.fulfil', timestamp: now.toISOString(), livemode, data });
    const headers = {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders(id, now, body, secrets),
    };
    try {
      return readAnswer(await this.outbound.post(url, headers, body, MAX_GOODS_BYTES), now);
    } catch (error) {
      const said = clip(messageOf(error), 400);
      return { kind: 'refused', error: said };
    }
  }
}
