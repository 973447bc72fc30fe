import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { Clock } from '#libs/kernel';
import { CreditReader, type UnitBalance } from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import type { Phrasebook } from '#libs/texts';
import type { ShopContext } from './scope.js';
import { tell } from './show.js';

/** A buyer's balance. Handlers translate; the ledger counts. */
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
      const lines = held.filter(({ balance }) => balance > 0).map((unit) => balanceLine(ctx.words, unit));
      if (lines.length === 0) return ctx.reply(ctx.words.say('balance.empty'));
      return tell(ctx, `${ctx.words.say('balance.heading')}\n\n${lines.join('\n')}`);
    });
  }
}

/** `100 scans (5 of them in use; 20 until 1 Dec 2026)` */
export function balanceLine(words: Phrasebook, { unit, balance, reserved, lots }: UnitBalance): string {
  const first = lots[0]?.expiresAt ?? null;
  const expiring = lots.filter((lot) => first !== null && lot.expiresAt?.getTime() === first.getTime());
  const notes = [
    ...(reserved === 0 ? [] : [words.say('balance.in_use', { count: reserved })]),
    ...(first === null ? [] : [words.say('balance.until', { count: sum(expiring), until: first })]),
  ];
  return `${words.say('balance.line', { credits: { amount: balance, unit } })}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

const sum = (lots: UnitBalance['lots']) => lots.reduce((total, lot) => total + lot.remaining, 0);
