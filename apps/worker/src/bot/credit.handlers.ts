import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import { type Clock, creditsInWords } from '#libs/kernel';
import { CreditReader, type UnitBalance } from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import type { ShopContext } from './scope.js';
import { TEXTS } from './texts.js';

/** One message holds that many lines with room to spare. */
const MAX_UNITS = 30;

/** What a buyer holds. Handlers translate; the ledger counts. */
@Injectable()
export class CreditHandlers {
  constructor(
    private readonly credits: CreditReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.chatType('private').command('balance', async (ctx) => {
      const now = this.clock.now();
      const held = await ctx.scope.inTenant((tx) => this.credits.balances(tx, ctx.from.id, now));
      const lines = held.filter(({ balance }) => balance > 0).map(balanceLine);
      await ctx.reply(
        lines.length === 0 ? TEXTS.noCredits : `${TEXTS.balance}\n\n${lines.slice(0, MAX_UNITS).join('\n')}`,
      );
    });
  }
}

/** `100 scan (5 of them in use; 20 until 2026-12-01)` */
export function balanceLine({ unit, balance, reserved, lots }: UnitBalance): string {
  const first = lots[0]?.expiresAt ?? null;
  const expiring = lots.filter((lot) => first !== null && lot.expiresAt?.getTime() === first.getTime());
  const notes = [
    ...(reserved === 0 ? [] : [`${reserved.toLocaleString('en-US')} of them in use`]),
    ...(first === null ? [] : [`${sum(expiring).toLocaleString('en-US')} until ${first.toISOString().slice(0, 10)}`]),
  ];
  return `${creditsInWords(balance, unit)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

const sum = (lots: UnitBalance['lots']) => lots.reduce((total, lot) => total + lot.remaining, 0);
