import { Dice, pause } from '../../test/chaos/random.mjs';
import { Sale } from './sale.mjs';

/** Shared by all runs, so that every sale has a new buyer. */
let lastBuyer = 1_000_000_000;

/**
 * Buyers who take turns: each makes one sale after another, in one shop after another.
 * @returns see {@link measured}
 */
export function sellMany({ telegram, shops, sales, buyers }) {
  return measured(telegram, async (sell) => {
    let begun = 0;
    const place = async () => {
      while (begun < sales) {
        const shop = shops[begun % shops.length];
        begun += 1;
        await sell(shop);
      }
    };
    await Promise.all(Array.from({ length: Math.min(buyers, sales) }, place));
  });
}

/** One buyer after another, until there were `sales` or the time is over. */
export function sellAlone({ telegram, shops, sales, withinMs }) {
  return measured(telegram, async (sell) => {
    const end = performance.now() + withinMs;
    for (let n = 0; n < sales && performance.now() < end; n += 1) await sell(shops[n % shops.length]);
  });
}

/** Buyers who come independently of each other, `rate` per second on average, however slow the shops are. */
export function sellAtRate({ telegram, shops, sales, rate, seed = 1 }) {
  return measured(telegram, async (sell) => {
    const dice = new Dice(seed, 'arrivals');
    const open = [];
    let at = performance.now();
    for (let n = 0; n < sales; n += 1) {
      at += (-Math.log(1 - dice.fraction()) / rate) * 1_000;
      const ahead = at - performance.now();
      if (ahead > 1) await pause(ahead);
      open.push(sell(shops[n % shops.length]));
    }
    await Promise.all(open);
  });
}

/**
 * @returns the number of `sales`, `seconds` from the first update to the last receipt, and for each sale the milliseconds of the whole and of
 * its pre-checkout
 * @throws Error when a sale went wrong or did not end
 */
async function measured(telegram, work) {
  const [times, approvals, sold, over] = [[], [], [], []];
  const began = performance.now();
  await work(async (shop) => {
    lastBuyer += 1;
    const sale = new Sale(telegram, shop, lastBuyer);
    sold.push(sale);
    const { ms, approvedMs, over: rest } = await sale.buy();
    // Awaited at the end; an error must not count as unhandled until then.
    rest.catch(() => undefined);
    over.push(rest);
    times.push(ms);
    approvals.push(approvedMs);
  });
  await Promise.all(over);
  const seconds = (performance.now() - began) / 1_000;
  // Duplicates arrive a moment later.
  await pause(200);
  const wrong = [...telegram.wrong, ...sold.flatMap((sale) => sale.wrong)];
  for (const { buyerId } of sold) telegram.buyers.delete(buyerId);
  if (wrong.length > 0) throw new Error(`${wrong.length} things went wrong:\n${wrong.slice(0, 10).join('\n')}`);
  return { sales: sold.length, seconds, times, approvals };
}
