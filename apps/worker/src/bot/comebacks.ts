import { Injectable } from '@nestjs/common';
import { AlertService } from '#libs/delivery';
import { BuyerService, OrderService, type Person } from '#libs/sales';
import { AnswerService } from '#libs/support';
import type { ChatScope } from './scope.js';

/** Records people who write to a bot or unblock it, and sends them messages that could not be delivered before. */
@Injectable()
export class Comebacks {
  constructor(
    private readonly buyers: BuyerService,
    private readonly orders: OrderService,
    private readonly answers: AnswerService,
    private readonly alerts: AlertService,
  ) {}

  async remember({ bot: { botId }, inTenant }: ChatScope, person: Person): Promise<void> {
    await inTenant(async (tx) => {
      if (!(await this.buyers.remember(tx, botId, person))) return;
      await this.orders.retryUnreachable(tx, botId, person.id);
      await this.answers.retryUnreachable(tx, botId, person.id);
      await this.alerts.retryMissed(tx, botId, person.id);
    });
  }
}
