import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { DatabaseTrouble } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { type Clock, clip, DomainError, NotFound, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { OrderList, type OrderExtras, type OrderRow, OrderService, RefundService } from '#libs/sales';
import type { LinkedMember } from '#libs/tenants';
import { PLACES } from '#libs/texts';
import type { ShopContext } from '../bot/scope.js';
import { show } from '../bot/show.js';
import { may, recordAction, textsFor } from './desk.js';
import type { DeskTexts, SaleWords } from './desk-texts.js';
import { DeskHandlers } from './desk.handlers.js';

/** Number of sales to choose from; older ones are chosen by their id. */
const LATEST = 8;
const SHOWN_NAME = 60;

interface Sale {
  readonly order: OrderRow;
  readonly words: SaleWords;
}

/**
 * Lets members see sales, and refund one after a confirmation, by the same rules and with the same audit entries as the
 * API.
 */
@Injectable()
export class DeskRefundHandlers {
  constructor(
    private readonly desk: DeskHandlers,
    private readonly orders: OrderService,
    private readonly lists: OrderList,
    private readonly refunds: RefundService,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    const forMembers = this.desk.forMembers.bind(this.desk);
    chat.command(
      'refund',
      forMembers((ctx, member) =>
        typeof ctx.match === 'string' && ctx.match !== '' ? this.showOrder(ctx, member, ctx.match) : this.list(ctx),
      ),
    );
    chat.callbackQuery(
      'desk:orders',
      forMembers((ctx) => this.list(ctx)),
    );
    chat.callbackQuery(
      /^desk:(order|ask|refund|keep):(ord_[0-9a-z]{26})$/,
      forMembers((ctx, member) => this.press(ctx, member, String(ctx.match?.[1]), String(ctx.match?.[2]))),
    );
  }

  private press(ctx: ShopContext, member: LinkedMember, action: string, order: string): Promise<void> {
    if (action === 'ask') return this.ask(ctx, member, order);
    if (action === 'refund') return this.refund(ctx, member, order);
    return action === 'keep' ? show(ctx, textsFor(ctx).kept) : this.showOrder(ctx, member, order);
  }

  private async list(ctx: ShopContext): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const texts = textsFor(ctx);
    const sales = await inTenant(async (tx) => {
      const rows = await this.lists.list(tx, { botId: bot.botId, state: 'paid', limit: LATEST });
      const orders = rows.slice(0, LATEST);
      const extras = await this.lists.extras(tx, orders, ['product', 'buyer']);
      return orders.map((order, n) => saleOf(order, extras[n]));
    });
    const keyboard = new InlineKeyboard();
    for (const { order, words } of sales)
      keyboard.text(clip(texts.sale(words), PLACES.button.max), `desk:order:${publicId('order', order.id)}`).row();
    await show(ctx, sales.length === 0 ? texts.noOrders : texts.choose, keyboard);
  }

  private async showOrder(ctx: ShopContext, member: LinkedMember, id: string): Promise<void> {
    const texts = textsFor(ctx);
    const sale = await this.find(ctx, id);
    if (sale === undefined) return show(ctx, texts.unknownOrder);
    const { order, words } = sale;
    const keyboard = new InlineKeyboard();
    if (isRefundable(order) && may(member, 'refunds:write'))
      keyboard.text(texts.refundIt, `desk:ask:${publicId('order', order.id)}`).row();
    keyboard.text(texts.latest, 'desk:orders');
    const paid = order.paidAt ?? order.createdAt;
    await show(
      ctx,
      texts.order({ ...words, paid, state: stateIn(texts, order), id: publicId('order', order.id) }),
      keyboard,
    );
  }

  /** Asks for confirmation, because a refund cannot be undone. */
  private async ask(ctx: ShopContext, member: LinkedMember, id: string): Promise<void> {
    const texts = textsFor(ctx);
    if (!may(member, 'refunds:write')) return show(ctx, texts.notAllowed(member.role));
    const sale = await this.find(ctx, id);
    if (sale === undefined) return show(ctx, texts.unknownOrder);
    const keyboard = new InlineKeyboard()
      .text(texts.yes(sale.order.stars), `desk:refund:${id}`)
      .text(texts.no, `desk:keep:${id}`);
    const stops = sale.order.subscriptionId === null ? '' : ` ${texts.stopsRenewal}`;
    await show(ctx, `${texts.sure(sale.words)}${stops}`, keyboard);
  }

  /** Requests the refund. The answer replaces the question with its buttons. A second press returns the same refund. */
  private async refund(ctx: ShopContext, member: LinkedMember, id: string): Promise<void> {
    const texts = textsFor(ctx);
    if (!may(member, 'refunds:write')) return show(ctx, texts.notAllowed(member.role));
    const sale = await this.find(ctx, id);
    if (sale === undefined) return show(ctx, texts.unknownOrder);
    const wish = { reason: null, by: publicId('account', member.accountId) };
    try {
      await ctx.scope.settle(async (tx) => {
        const refund = await this.refunds.request(tx, sale.order.id, wish, this.clock.now());
        const targets = [publicId('order', sale.order.id), publicId('refund', refund.id)];
        await recordAction(tx, this.audit, member.accountId, { action: 'orders_refund', targets });
        return { result: refund, orderId: sale.order.id };
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof DatabaseTrouble) throw error;
      return show(ctx, texts.refusals[error.code] ?? `${error.message} ${error.remedy}`);
    }
    await show(ctx, texts.requested(sale.words));
  }

  private async find(ctx: ShopContext, id: string): Promise<Sale | undefined> {
    const orderId = parseId('order', id.trim());
    if (orderId === undefined) return undefined;
    return ctx.scope.inTenant(async (tx) => {
      const found = await this.orders.details(tx, orderId).catch((error: unknown) => {
        if (error instanceof NotFound) return undefined;
        throw error;
      });
      if (found === undefined) return undefined;
      const { order } = found;
      const [extras] = await this.lists.extras(tx, [order], ['product', 'buyer']);
      return saleOf(order, extras);
    });
  }
}

function saleOf(order: OrderRow, extras: OrderExtras | undefined): Sale {
  const { firstName, username } = extras?.buyer ?? {};
  const named = [firstName, username ? `(@${username})` : null].filter(Boolean).join(' ');
  const buyer = named === '' ? String(order.buyerId) : clip(named, SHOWN_NAME);
  return { order, words: { title: extras?.product?.title ?? '', stars: order.stars, buyer } };
}

const isRefundable = ({ state, delivery, billing }: OrderRow) =>
  state === 'paid' && delivery !== 'revoked' && billing !== 'credits';

function stateIn(texts: DeskTexts, { state, delivery }: OrderRow): string {
  if (state === 'refunded' || delivery === 'revoked') return texts.states.returned;
  if (delivery === 'delivered') return texts.states.delivered;
  return delivery === 'failed' || delivery === 'unreachable' ? texts.states.failed : texts.states.waiting;
}
