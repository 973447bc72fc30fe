import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { ProductService } from '#libs/catalog';
import { AlertService } from '#libs/delivery';
import { AuditStore } from '#libs/journal';
import { type Clock, clip, DAY, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { MetricsService, type SalesFigures } from '#libs/sales';
import { CAN, type LinkedMember, secretIn, TelegramLinks } from '#libs/tenants';
import { PLACES } from '#libs/texts';
import type { ShopContext } from '../bot/scope.js';
import { show, tell } from '../bot/show.js';
import { commandsOf, may, recordAction, textsFor } from './desk.js';
import type { DeskTexts } from './desk-texts.js';

/** Products named in the sales of a day. */
const PRODUCTS_SHOWN = 10;

/** Handles a command or a button of a member. */
type Handle = (ctx: ShopContext, member: LinkedMember) => Promise<unknown>;

/** Links members' Telegram accounts, and shows them the sales of the day. Register it before commands of products. */
@Injectable()
export class DeskHandlers {
  constructor(
    private readonly links: TelegramLinks,
    private readonly alerts: AlertService,
    private readonly metrics: MetricsService,
    private readonly products: ProductService,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('start', async (ctx, next) => {
      const secret = secretIn(ctx.match);
      if (secret === undefined || !(await this.connect(ctx, secret))) return next();
    });
    chat.command(
      'sales',
      this.forMembers((ctx) => this.showSales(ctx)),
    );
    chat.callbackQuery(
      'desk:sales',
      this.forMembers((ctx) => this.showSales(ctx)),
    );
  }

  /** Wraps a handler so that it answers members only: to anyone else the command or button does not exist. */
  forMembers(handle: Handle): (ctx: ShopContext, next: () => Promise<void>) => Promise<unknown> {
    return async (ctx, next) => {
      const { bot, inTenant } = ctx.scope;
      const telegramId = ctx.from?.id;
      if (telegramId === undefined) return next();
      const member = await inTenant((tx) => this.links.memberIn(tx, bot.botId, telegramId));
      return member === undefined ? next() : handle(ctx, member);
    };
  }

  /** @returns false for an invalid code, about which the sender is told nothing */
  private async connect(ctx: ShopContext, secret: string): Promise<boolean> {
    const { bot, settle } = ctx.scope;
    const { from } = ctx;
    if (from === undefined) return false;
    const name = clip([from.first_name, from.last_name].filter(Boolean).join(' '), 200);
    const sender = { botId: bot.botId, environment: bot.environment, telegramId: from.id, name };
    const linked = await settle(async (tx) => {
      const made = await this.links.connect(tx, sender, secret);
      if (made === undefined) return { result: undefined };
      const targets = [publicId('telegramLink', made.id)];
      await recordAction(tx, this.audit, made.accountId, { action: 'telegram_links_connect', targets });
      if (may(made, 'endpoints:write') && CAN[bot.tenantState].configure) {
        const switches = { sales: true, failures: true, support: true };
        const here = { botId: bot.botId, telegramId: from.id, accountId: made.accountId, ...switches };
        await this.alerts.setFirstChat(tx, here);
      }
      return { result: made };
    });
    if (linked === undefined) return false;
    await ctx.reply(welcome(textsFor(ctx), linked));
    return true;
  }

  private async showSales(ctx: ShopContext): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const from = new Date(Math.floor(this.clock.now().getTime() / DAY) * DAY);
    const period = { from, to: new Date(from.getTime() + DAY) };
    const [sales, titles] = await inTenant(async (tx) => {
      const found = await this.metrics.sales(tx, { period, by: 'product', botId: bot.botId });
      const best = found.groups.filter(({ sales: count }) => count > 0);
      const shown = best.slice(0, PRODUCTS_SHOWN);
      const products = await this.products.find(
        tx,
        shown.flatMap(({ key }) => (key === null ? [] : [key])),
      );
      return [{ ...found, shown }, new Map(products.map(({ id, title }) => [id, title]))] as const;
    });
    const texts = textsFor(ctx);
    const lines = sales.shown.map(
      (group) => `• ${titles.get(group.key ?? '') ?? texts.others}: ${texts.figures(group.sales, group.earned)}`,
    );
    const text = [texts.today(from), ...totals(texts, sales.totals), ...(lines.length > 0 ? ['', ...lines] : [])];
    const keyboard = new InlineKeyboard().text(texts.latest, 'desk:orders');
    const said = clip(text.join('\n'), PLACES.message.max);
    return ctx.callbackQuery === undefined ? tell(ctx, said, keyboard) : show(ctx, said, keyboard);
  }
}

function totals(texts: DeskTexts, figures: SalesFigures): string[] {
  const { sales, earned, refunds, refunded } = figures;
  return [
    sales === 0 ? texts.noSales : texts.figures(sales, earned),
    ...(refunds === 0 ? [] : [texts.refunded(refunds, refunded)]),
  ];
}

/** The commands that the member's role allows. */
function welcome(texts: DeskTexts, member: LinkedMember): string {
  const commands = commandsOf(member).map((command) => `/${command} – ${texts.commands[command]}`);
  const answering = may(member, 'support:write') ? ['', texts.answering] : [];
  return [texts.linked(member.role), '', ...commands, ...answering].join('\n');
}
