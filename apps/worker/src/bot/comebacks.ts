import { Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { TenantTx } from '#libs/database';
import { AlertService } from '#libs/delivery';
import { BuyerService, OrderService, type Person } from '#libs/sales';
import { AnswerService } from '#libs/support';
import type { ChatScope, ShopContext } from './scope.js';

/** Records people who write to a bot or unblock it, and sends them messages that could not be delivered before. */
@Injectable()
export class Comebacks {
  constructor(
    private readonly buyers: BuyerService,
    private readonly orders: OrderService,
    private readonly answers: AnswerService,
    private readonly alerts: AlertService,
  ) {}

  /**
   * Remembers everyone who writes or presses a button in a private chat. Register it before all handlers that answer
   * them.
   */
  register(bot: Composer<ShopContext>): void {
    bot.chatType('private').use(async (ctx, next) => {
      if (ctx.from?.is_bot === false) return this.rememberWithin(ctx, ctx.from, next);
      return next();
    });
  }

  async remember({ bot: { botId }, inTenant }: ChatScope, person: Person): Promise<void> {
    await inTenant((tx) => this.note(tx, botId, person));
  }

  /** {@link remember} in the first transaction of `handle`, or in a separate one after it. */
  async rememberWithin(ctx: ShopContext, person: Person, handle: () => Promise<unknown>): Promise<void> {
    const { scope } = ctx;
    let isRemembered = false;
    const along = async <T>(tx: TenantTx, work: (tx: TenantTx) => Promise<T>): Promise<T> => {
      // Sent first, because the handler's rows refer to the buyer.
      const note = isRemembered ? undefined : this.note(tx, scope.bot.botId, person);
      const [result] = await Promise.all([work(tx), note]);
      return result;
    };
    const committed = <T>(result: T): T => {
      isRemembered = true;
      return result;
    };
    ctx.scope = {
      ...scope,
      inTenant: (work) => scope.inTenant((tx) => along(tx, work)).then(committed),
      settle: (work) => scope.settle((tx, mark) => along(tx, (same) => work(same, mark))).then(committed),
    };
    await handle();
    if (!isRemembered) await this.remember(scope, person);
  }

  private async note(tx: TenantTx, botId: string, person: Person): Promise<void> {
    if (!(await this.buyers.remember(tx, botId, person))) return;
    await this.orders.retryUnreachable(tx, botId, person.id);
    await this.answers.retryUnreachable(tx, botId, person.id);
    await this.alerts.retryMissed(tx, botId, person.id);
  }
}
