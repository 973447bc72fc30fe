import { Inject, Injectable } from '@nestjs/common';
import { FileService, type KeptFile } from '#libs/catalog';
import { Database, type TenantTx } from '#libs/database';
import { type FulfilmentAnswer, FulfilmentCaller, FileFetcher, FileNotFetched, SLOWLY_MS } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type FulfilmentOrder, FulfilmentService, FulfilmentStore, orderView } from '#libs/sales';
import { CAN } from '#libs/tenants';
import { type JobHandler, type JobOutcome, UNTIL_LIFTED } from '../jobs/job-handler.js';

/**
 * Asks the creator's server for the goods of a paid order until they are delivered, promised, finally refused, or too
 * late. Goods at an address count as delivered by the server once they are fetched.
 */
@Injectable()
export class OrderFulfilHandler implements JobHandler {
  readonly kind = 'order.fulfil';

  constructor(
    private readonly db: Database,
    private readonly store: FulfilmentStore,
    private readonly fulfilments: FulfilmentService,
    private readonly caller: FulfilmentCaller,
    private readonly fetcher: FileFetcher,
    private readonly files: FileService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const { tenantId, subject: orderId } = job;
    const wanted = await this.db.inTenant(tenantId, (tx) => this.store.toMake(tx, orderId, this.clock.now()));
    if (wanted === undefined) return { kind: 'done' };
    if (!CAN[wanted.tenantState].webhooks) return UNTIL_LIFTED;
    if (wanted.goodsUrl !== null) return this.fetch(job, wanted.goodsUrl);
    const { id: productId, url } = wanted.product;
    return this.conclude(job, await this.caller.ask({ tenantId, orderId, productId, url, data: dataOf(wanted) }));
  }

  private async conclude(job: ClaimedJob, answer: FulfilmentAnswer): Promise<JobOutcome> {
    const { subject: orderId } = job;
    const done = (effect: (tx: TenantTx) => Promise<void>): JobOutcome => ({ kind: 'done', effect });
    switch (answer.kind) {
      case 'goods': {
        const { goods } = answer;
        if (goods.kind === 'address') return this.fetch(job, goods.url);
        if (goods.fileId !== null && !(await this.hasFile(job.tenantId, goods.fileId)))
          return this.refused(job, {
            kind: 'refused',
            error: 'your server named a file that the workspace does not have',
          });
        return done((tx) => this.fulfilments.recordGoods(tx, orderId, goods, this.clock.now()));
      }
      case 'generating':
        return done((tx) => this.fulfilments.recordGenerating(tx, orderId, this.clock.now()));
      case 'failed':
        return done((tx) => this.fulfilments.recordFailure(tx, orderId, answer.error, this.clock.now()));
      case 'refused':
        return this.refused(job, answer);
    }
  }

  /** Fetches a file and stores its bytes; the row is written together with everything else that records the goods. */
  private async fetch(job: ClaimedJob, address: string): Promise<JobOutcome> {
    const { tenantId, subject: orderId } = job;
    let kept: KeptFile;
    try {
      kept = await this.fetcher.fetch(tenantId, address);
    } catch (error) {
      if (!(error instanceof FileNotFetched)) throw error;
      return this.refused(job, {
        kind: 'refused',
        error: error.message,
        ...(error.passing ? {} : { afterMs: SLOWLY_MS }),
      });
    }
    const goods = { kind: 'file', content: null, fileId: kept.id } as const;
    const effect = async (tx: TenantTx) => {
      await this.files.record(tx, kept);
      await this.fulfilments.recordGoods(tx, orderId, goods, this.clock.now());
    };
    return { kind: 'done', effect };
  }

  private refused(job: ClaimedJob, { error, afterMs }: FulfilmentAnswer & { kind: 'refused' }): JobOutcome {
    return {
      kind: 'retry',
      error,
      ...(afterMs === undefined ? {} : { afterMs }),
      effect: (tx) => this.fulfilments.recordRefusal(tx, job.subject, error, this.clock.now()),
    };
  }

  private hasFile(tenantId: string, fileId: string): Promise<boolean> {
    return this.db.inTenant(tenantId, (tx) => this.store.hasFile(tx, fileId));
  }
}

const dataOf = ({ order, product, languageCode }: FulfilmentOrder) => ({
  order: orderView(order),
  product: {
    object: 'product',
    id: publicId('product', product.id),
    title: product.title,
    metadata: product.metadata,
  },
  command: product.command === null ? null : { name: product.command, arguments: order.arguments },
  buyer: { telegram_id: order.buyerId, language_code: languageCode },
});
