import { Injectable } from '@nestjs/common';
import { Doorbell } from '#libs/journal';
import { BuyerService, OrderService, type Person } from '#libs/sales';
import { AnswerService } from '#libs/support';
import type { ChatScope } from './scope.js';

/** Remembers whoever writes to a bot, or unblocks it, and sends them what could not reach them before. */
@Injectable()
export class Comebacks {
  constructor(
    private readonly buyers: BuyerService,
    private readonly orders: OrderService,
    private readonly answers: AnswerService,
    private readonly doorbell: Doorbell,
  ) {}

  async remember({ bot: { botId }, inTenant }: ChatScope, person: Person): Promise<void> {
    const waiting = await inTenant(async (tx) => {
      if (!(await this.buyers.remember(tx, botId, person))) return 0;
      const goods = await this.orders.retryUnreachable(tx, botId, person.id);
      return goods + (await this.answers.retryUnreachable(tx, botId, person.id));
    });
    if (waiting > 0) this.doorbell.ring('delivery');
  }
}
