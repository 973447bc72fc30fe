import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const alertsTo = async (email: string) => {
  const mails = (await (await fetch(`${starwall.simulator.url}/control/mails`)).json()) as Mail[];
  return mails.filter(({ to, text }) => to === email && text.includes('/workspace/alerts'));
};

async function confirm(email: string): Promise<void> {
  const backstage = await Backstage.open(starwall);
  await backstage.query('update accounts set email_confirmed_at = now() where email = $1', [email]);
  await backstage.close();
}

it('a member with a confirmed address is alerted to a product that cannot be bought and, if they want, to sales', async () => {
  const creator = await Creator.signUp(starwall);
  const get = async () => (await creator.get('/v1/alerts/mail').expect(200)).body;
  expect(await get()).toEqual({
    object: 'mail_alerts',
    state: 'address_unconfirmed',
    sales: false,
    failures: true,
    support: false,
    warnings: true,
  });
  await confirm(creator.email);
  expect(await get()).toMatchObject({ state: 'on' });
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await starwall.telegram.setUpBot(bot.telegramId, { largestInvoice: 49 });
  await starwall.telegram.start(buyer.chat, `buy_${product}`);
  const [failure] = await eventually('the email', async () => {
    const mails = await alertsTo(creator.email);
    return mails.length > 0 && mails;
  });
  expect(failure?.subject).toContain('Заказ не выдан или товар не купить – ');
  expect(failure?.text).toMatch(/“Guide” cannot be bought\.\nReason: .*CURRENCY_TOTAL_AMOUNT_INVALID/);
  expect(failure?.text).toMatch(new RegExp(`^${starwall.url}/orders/ord_\\w+$`, 'm'));

  const switches = { sales: true, failures: true, support: true, warnings: true };
  await creator.put('/v1/alerts/mail', switches).expect(200);
  await starwall.telegram.setUpBot(bot.telegramId, { largestInvoice: 10_000 });
  await buyer.pays(await buyer.wants(product));
  const sale = await eventually('the email about the sale', async () =>
    (await alertsTo(creator.email)).find(({ text }) => text.includes('was bought for 50 Stars')),
  );
  expect(sale.subject).toMatch(/^Sold – .* · Новая продажа – /);
  expect(sale.text).not.toContain('Buyer:');
});

it('every member has their own switches, including viewers', async () => {
  const owner = await Creator.signUp(starwall);
  const viewer = await owner.invites('viewer');
  const all = { sales: true, failures: true, support: true, warnings: true };
  expect((await viewer.put('/v1/alerts/mail', all).expect(200)).body).toMatchObject({ sales: true, support: false });
  expect((await owner.get('/v1/alerts/mail').expect(200)).body).toMatchObject({ sales: false, failures: true });
  expect((await owner.put('/v1/alerts/mail', { sales: true }).expect(400)).body.code).toBe('invalid_request');
});
