import { Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { ALERT_SWITCHES, type AlertChatFacts, AlertService, type AlertSwitch } from '#libs/delivery';
import type { TenantTx } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { CAN, type LinkedMember, TenantRestricted } from '#libs/tenants';
import type { ShopContext } from '../bot/scope.js';
import { show } from '../bot/show.js';
import { may, recordAction, textsFor } from './desk.js';
import { DeskHandlers } from './desk.handlers.js';

const SWITCHES = Object.keys(ALERT_SWITCHES) as AlertSwitch[];
const ALL_ON = { sales: true, failures: true, support: true };

/** Lets members choose the alerts in a bot's chat: the same chat and switches as in the API. */
@Injectable()
export class DeskAlertsHandlers {
  constructor(
    private readonly desk: DeskHandlers,
    private readonly alerts: AlertService,
    private readonly audit: AuditStore,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    const forMembers = this.desk.forMembers.bind(this.desk);
    chat.command(
      'alerts',
      forMembers((ctx, member) => this.showState(ctx, member)),
    );
    chat.callbackQuery(
      /^desk:alerts:(here|stop|sales|failures|support)$/,
      forMembers((ctx, member) => this.change(ctx, member, String(ctx.match?.[1]))),
    );
  }

  private async change(ctx: ShopContext, member: LinkedMember, wish: string): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    if (!may(member, 'endpoints:write')) return show(ctx, textsFor(ctx).notAllowed(member.role));
    if (!CAN[bot.tenantState].configure) return show(ctx, new TenantRestricted('configure').message);
    await inTenant(async (tx) => {
      const chat = await this.chat(tx);
      if (wish === 'stop') await this.alerts.removeChat(tx);
      else await this.set(ctx, tx, member, wish === 'here' ? ALL_ON : toggled(chat, wish));
      const action = wish === 'stop' ? 'alerts_remove' : 'alerts_set';
      await recordAction(tx, this.audit, member.accountId, { action, targets: [] });
    });
    await this.showState(ctx, member);
  }

  private async set(ctx: ShopContext, tx: TenantTx, { accountId }: LinkedMember, switches: typeof ALL_ON) {
    const telegramId = ctx.from?.id;
    if (telegramId === undefined) return;
    await this.alerts.setChat(tx, { botId: ctx.scope.bot.botId, telegramId, accountId, ...switches });
  }

  private async showState(ctx: ShopContext, member: LinkedMember): Promise<void> {
    const texts = textsFor(ctx);
    const chat = await ctx.scope.inTenant((tx) => this.chat(tx));
    const isHere = chat?.botId === ctx.scope.bot.botId && chat.telegramId === ctx.from?.id;
    const keyboard = new InlineKeyboard();
    if (may(member, 'endpoints:write')) {
      if (isHere) {
        for (const name of SWITCHES)
          keyboard.text(`${chat[name] ? '✅' : '▫️'} ${texts.switches[name]}`, `desk:alerts:${name}`).row();
        keyboard.text(texts.stop, 'desk:alerts:stop');
      } else keyboard.text(texts.sendHere, 'desk:alerts:here');
    }
    const elsewhere = chat === undefined ? texts.alertsOff : texts.alertsElsewhere;
    await show(ctx, isHere ? texts.alertsHere : elsewhere, keyboard);
  }

  private async chat(tx: TenantTx): Promise<AlertChatFacts | undefined> {
    try {
      return await this.alerts.chat(tx);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
}

/** Returns the switches with one of them toggled. */
function toggled(chat: AlertChatFacts | undefined, name: string): typeof ALL_ON {
  const { sales = false, failures = false, support = false } = chat ?? {};
  const now = { sales, failures, support };
  return { ...now, [name]: !now[name as AlertSwitch] };
}
