import { newUuid, parseId, publicId } from '#libs/kernel';
import { Backstage } from '../support/backstage.js';
import { type Answer, type Download, GoodsServer } from '../support/goods-server.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
const servers: GoodsServer[] = [];

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  for (const server of servers) server.stop();
  await backstage.close();
  await starwall.stop();
});

interface Sale {
  readonly creator: Creator;
  readonly bot: RegisteredBot;
  readonly server: GoodsServer;
  readonly buyer: Buyer;
  readonly productId: string;
  readonly orderId: string;
}

/** Creates a shop whose goods come from its server, and a buyer who has just paid. */
async function sell(answer: Answer, changes: object = {}, language_code = 'de'): Promise<Sale> {
  const server = new GoodsServer();
  server.answer = answer;
  servers.push(server);
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const wish = { bot_id: bot.id, kind: 'callback', title: 'Horoscope', description: 'Yours alone', stars: 50 };
  const url = await server.start();
  const made = await creator.post('/v1/products', { ...wish, fulfilment_url: url, ...changes }).expect(201);
  const productId = String(made.body.id);
  server.secret = String(made.body.fulfilment_secret);
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { language_code });
  await buyer.pays(await buyer.wants(productId));
  const orderId = await eventually('a paid order', async () => {
    const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
    return order?.payment_state === 'paid' && String(order.id);
  });
  return { creator, bot, server, buyer, productId, orderId };
}

const orderOf = async ({ creator, orderId }: Sale) => (await creator.get(`/v1/orders/${orderId}`).expect(200)).body;
const hasStatus = (sale: Sale, wanted: object) =>
  eventually(JSON.stringify(wanted), async () => {
    const order = await orderOf(sale);
    return Object.entries(wanted).every(([name, value]) => order[name] === value) && order;
  });
const eventTypes = async ({ orderId }: Sale) =>
  (
    await backstage.query<{ type: string }>('select type from events where order_id = $1 order by sequence', [
      parseId('order', orderId),
    ])
  ).map((event) => event.type);
const isTime = async ({ orderId, bot }: Sale) => {
  await backstage.query(`update fulfilments set deadline_at = now() where order_id = $1`, [parseId('order', orderId)]);
  await backstage.hurryJobs(bot);
};
const addressOf = async ({ creator, productId }: Sale) => {
  const { body } = await creator.get(`/v1/products/${productId}`).expect(200);
  return new URL(String(body.fulfilment_url)).origin;
};
const deliver = ({ creator, orderId }: Sale, body: object) => creator.post(`/v1/orders/${orderId}/deliver`, body);

describe("a creator's server that refuses requests", () => {
  it('is reported at once, with the reason, by event, alert, timeline and doctor; and so is its recovery', async () => {
    const sale = await sell(() => ({ status: 401 }));
    const { creator, bot, server, orderId } = sale;
    await hasStatus(sale, { delivery_state: 'waiting' });
    const chief = await Buyer.meets(starwall, bot.telegramId);
    await chief.says('/start');
    await creator.sendsAlertsTo({ bot_id: bot.id, telegram_id: chief.id });
    await eventually('the event', async () => (await eventTypes(sale)).includes('order.fulfilment_refused'));
    const summaries = async () =>
      ((await creator.get(`/v1/orders/${orderId}/timeline`).expect(200)).body.entries as { summary: string }[]).map(
        ({ summary }) => summary,
      );
    expect(await summaries()).toContain(
      'Your server did not make the goods; the request will be repeated: your server answered 401.',
    );
    const problems = async () => (await creator.get(`/v1/bots/${bot.id}/problems`).expect(200)).body.data;
    expect(await problems()).toMatchObject([
      { kind: 'goods_refused', subject: sale.productId, count: 1, error: 'your server answered 401' },
    ]);

    server.answer = () => ({ status: 200, body: { text: 'You will be lucky.' } });
    await backstage.hurryJobs(bot);
    await sale.buyer.hears(/You will be lucky\./);
    await chief.hears(/makes goods again/);
    expect(await problems()).toEqual([]);
    expect(await eventTypes(sale)).toContain('order.fulfilment_recovered');
  });
});

describe("goods from the creator's server", () => {
  it('are requested with a signature, and delivered as soon as the server returns them', async () => {
    const sale = await sell(() => ({ status: 200, body: { text: 'You will be lucky.' } }), {
      metadata: { sign: 'leo' },
    });
    await sale.buyer.hears(/You will be lucky\./);
    const order = await hasStatus(sale, { status: 'delivered' });
    expect(order.fulfilment).toMatchObject({ state: 'ready', attempts: 1, last_error: null });
    expect(sale.server.asked).toMatchObject([
      {
        id: sale.orderId,
        type: 'order.fulfil',
        data: {
          order: { id: sale.orderId, status: 'delivering' },
          product: { id: sale.productId, metadata: { sign: 'leo' } },
          buyer: { telegram_id: sale.buyer.id, language_code: 'de' },
        },
      },
    ]);
    expect(sale.server.ids).toEqual([sale.orderId]);
    const told = await backstage.query<{ data: object }>('select data from events where order_id = $1', [
      parseId('order', sale.orderId),
    ]);
    expect(JSON.stringify(told)).not.toContain('lucky');
  });

  it('have a button that copies them when they are a key', async () => {
    const sale = await sell(() => ({ status: 200, body: { key: 'ABCD-1234' } }));
    const goods = await sale.buyer.sees((message) => message.text === 'ABCD-1234');
    expect(goods.reply_markup?.inline_keyboard).toEqual([[{ text: 'Copy', copy_text: { text: 'ABCD-1234' } }]]);
  });

  it('can be a file that was uploaded before', async () => {
    const sale = await sell(() => ({ status: 202 }));
    const file = await sale.creator.uploadFile('chart.pdf', 'a chart');
    await deliver(sale, { goods: { file_id: publicId('file', newUuid()) } }).expect(404);
    await deliver(sale, { goods: { file_id: file } }).expect(200);
    await sale.buyer.sees((message) => message.document?.file_name === 'chart.pdf');
  });

  it('can be promised first and sent later; the buyer is told once, and the first goods win', async () => {
    const sale = await sell(() => ({ status: 202 }));
    await sale.buyer.hears(/“Horoscope” is being made for you/);
    await hasStatus(sale, { status: 'delivering', delivery_state: 'generating' });
    const answers = await Promise.all(
      ['first', 'second'].map((text) => deliver(sale, { goods: { text: `the ${text}` } })),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('already_delivered');
    await hasStatus(sale, { status: 'delivered' });
    const heard = await sale.buyer.heard();
    expect(heard.filter((text) => text.startsWith('the '))).toHaveLength(1);
    expect(heard.filter((text) => text.includes('is being made'))).toHaveLength(1);
    expect(await eventTypes(sale)).toEqual(
      expect.arrayContaining(['order.paid', 'order.generating', 'order.delivered']),
    );
    expect(sale.server.asked).toHaveLength(1);
  });

  it('are requested again after a failure, with the same order id', async () => {
    let tries = 0;
    const sale = await sell(() => {
      tries += 1;
      return tries === 1 ? { status: 500 } : { status: 200, body: { link: 'https://creator.com/goods' } };
    });
    const failed = await eventually('a first attempt', async () => {
      const order = await orderOf(sale);
      return order.fulfilment.attempts === 1 && order;
    });
    expect(failed).toMatchObject({ delivery_state: 'waiting', fulfilment: { last_error: 'your server answered 500' } });
    await backstage.hurryJobs(sale.bot);
    await hasStatus(sale, { status: 'delivered' });
    expect(sale.server.ids).toEqual([sale.orderId, sale.orderId]);
  });
});

const pdf: Download = { headers: { 'content-type': 'application/pdf' }, content: 'a chart' };
const hasDocument = (name: string) => (message: { document?: { file_name?: string } }) =>
  message.document?.file_name === name;

describe('a file URL', () => {
  it("from the server's answer is fetched, stored as a file of the workspace, and delivered", async () => {
    const sale = await sell(() => ({ status: 202 }));
    sale.server.file = pdf;
    const url = `${await addressOf(sale)}/charts/leo.pdf?key=secret`;
    sale.server.answer = () => ({ status: 200, body: { file_url: url } });
    await deliver(sale, { mode: 'send_again', reason: 'the server works again' }).expect(200);
    await sale.buyer.sees(hasDocument('leo.pdf'));
    const order = await hasStatus(sale, { status: 'delivered' });
    expect(order.fulfilment).toMatchObject({ state: 'ready', last_error: null });
    const kept = await backstage.query<{ name: string; mime: string; bytes: number }>(
      `select name, mime, bytes::int from files where tenant_id = (select tenant_id from orders where id = $1)`,
      [parseId('order', sale.orderId)],
    );
    expect(kept).toEqual([{ name: 'leo.pdf', mime: 'application/pdf', bytes: 7 }]);
    const told = await backstage.query<object>('select data from events where order_id = $1', [
      parseId('order', sale.orderId),
    ]);
    expect(JSON.stringify([told, order])).not.toContain('secret');
  });

  it('sent later is fetched, too; a failure is reported with its reason, and fixed by a retry or other goods', async () => {
    const sale = await sell(() => ({ status: 202 }));
    await hasStatus(sale, { delivery_state: 'generating' });
    const url = `${await addressOf(sale)}/leo.pdf`;
    sale.server.file = { headers: { 'content-type': 'text/html' }, content: '<h1>Log in</h1>' };
    await deliver(sale, { goods: { file_url: url } }).expect(200);
    const failed = await eventually('a failed attempt', async () => {
      const { fulfilment } = await orderOf(sale);
      return fulfilment.last_error !== null && fulfilment;
    });
    expect(failed.last_error).toMatch(/The file at your file_url was not fetched: .* a web page/);
    sale.server.file = pdf;
    await backstage.hurryJobs(sale.bot);
    await sale.buyer.sees(hasDocument('leo.pdf'));
    await hasStatus(sale, { status: 'delivered' });
    expect(sale.server.asked).toHaveLength(1);
    expect((await deliver(sale, { goods: { file_url: url } }).expect(409)).body.code).toBe('already_delivered');
  });

  it.each([
    ['is interrupted', { headers: { 'content-length': '100' }, content: 'half' }, /the connection was interrupted/],
    ['is too large', { headers: { 'content-length': '52428801' }, content: 'x' }, /more than 50 MB/],
    ['is empty', { content: '' }, /it is empty/],
    ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, /redirects are not followed/],
  ] as const)('that %s fails the attempt without storing anything', async (_what, file, why) => {
    const sale = await sell(() => ({ status: 202 }));
    await hasStatus(sale, { delivery_state: 'generating' });
    sale.server.file = file;
    await deliver(sale, { goods: { file_url: `${await addressOf(sale)}/a.pdf` } }).expect(200);
    await eventually('the reason', async () => why.test(String((await orderOf(sale)).fulfilment.last_error)));
    expect(
      await backstage.query('select 1 from files where tenant_id = (select tenant_id from orders where id = $1)', [
        parseId('order', sale.orderId),
      ]),
    ).toEqual([]);
  });

  it.each(['https://169.254.169.254/latest', 'https://10.0.0.1/a.pdf', 'https://me:pass@creator.com/a.pdf'])(
    'is refused at once when it is not allowed: %s',
    async (url) => {
      const sale = await sell(() => ({ status: 202 }));
      expect((await deliver(sale, { goods: { file_url: url } }).expect(400)).body.code).toBe('unsafe_address');
    },
  );
});

describe('a buyer of goods from a server', () => {
  const RUSSIAN = {
    language: 'ru',
    queued: /^«Horoscope» готовится для вас\. Как только всё будет готово/,
    failed: /^Нам очень жаль: «Horoscope» не удалось сделать\. Отправьте \/paysupport/,
    late: /^Нам очень жаль: «Horoscope» не удалось сделать вовремя\. Звёзды возвращаются вам/,
    returned: 'Вам возвращено за «Horoscope»: 50 ⭐.',
  };
  const ENGLISH = {
    language: 'en',
    queued: /^“Horoscope” is being made for you\. You will receive it here as soon as it is ready\.$/,
    failed: /^We are sorry: “Horoscope” could not be made\. Please send \/paysupport/,
    late: /^We are sorry: “Horoscope” could not be made in time\. Your Stars are on their way back to you/,
    returned: 'Your 50 ⭐ for “Horoscope” have been returned.',
  };

  it.each([ENGLISH, RUSSIAN])(
    'is told in their language when the goods are queued and when the deadline has passed: $language',
    async (words) => {
      const sale = await sell(() => ({ status: 202 }), {}, words.language);
      await sale.buyer.hears(words.queued);
      await isTime(sale);
      await sale.buyer.hears(words.late);
      await eventually('the Stars', async () => (await sale.buyer.heard()).includes(words.returned));
    },
  );

  it.each([ENGLISH, RUSSIAN])(
    'is told when the goods have failed, and when the Stars are returned: $language',
    async (words) => {
      const sale = await sell(() => ({ status: 410 }), {}, words.language);
      await sale.buyer.hears(words.failed);
      await hasStatus(sale, { status: 'delivery_failed' });
      await isTime(sale);
      await eventually('the Stars', async () => (await sale.buyer.heard()).includes(words.returned));
    },
  );

  it.each([ENGLISH, RUSSIAN])(
    'is told only once when the server is down at first and then queues the goods: $language',
    async (words) => {
      const sale = await sell(() => ({ status: 503 }), {}, words.language);
      await sale.buyer.hears(words.queued);
      sale.server.answer = () => ({ status: 202 });
      await backstage.hurryJobs(sale.bot);
      await hasStatus(sale, { delivery_state: 'generating' });
      await deliver(sale, { goods: { text: 'at last' } }).expect(200);
      await sale.buyer.hears(/^at last$/);
      expect((await sale.buyer.heard()).filter((text) => words.queued.test(text))).toHaveLength(1);
    },
  );
});

describe('goods that do not arrive', () => {
  it('fail at the deadline, and the Stars are refunded automatically', async () => {
    const sale = await sell(() => ({ status: 202 }));
    await hasStatus(sale, { delivery_state: 'generating' });
    await isTime(sale);
    await hasStatus(sale, { status: 'refunded' });
    expect(await sale.buyer.balance()).toBe(1_000);
    await sale.buyer.hears(/could not be made in time.*\/paysupport/);
    expect(await eventTypes(sale)).toEqual(expect.arrayContaining(['order.delivery_failed', 'order.refunded']));
    const late = await deliver(sale, { goods: { text: 'too late' } }).expect(409);
    expect(late.body.code).toBe('order_not_paid');
  });

  it('are still owed when the product promises no refund, so that support can deliver them', async () => {
    const sale = await sell(() => ({ status: 410 }), { refund_at_deadline: false });
    await hasStatus(sale, { status: 'delivery_failed' });
    await sale.buyer.hears(/could not be made.*\/paysupport/);
    await isTime(sale);
    await deliver(sale, { goods: { text: 'with apologies' } }).expect(200);
    await sale.buyer.hears(/with apologies/);
    await hasStatus(sale, { status: 'delivered' });
    expect(await sale.buyer.balance()).toBe(950);
  });

  it('are requested again once the creator has fixed the server', async () => {
    const sale = await sell(() => ({ status: 500, body: { error: 'no such sign', final: true } }));
    const failed = await hasStatus(sale, { status: 'delivery_failed' });
    expect(failed.delivery_error).toBe('Your server said: no such sign');
    sale.server.answer = () => ({ status: 200, body: { text: 'fixed' } });
    await deliver(sale, { mode: 'send_again', reason: 'fixed' }).expect(200);
    await sale.buyer.hears(/fixed/);
    await hasStatus(sale, { status: 'delivered' });
  });
});

describe('a callback product', () => {
  it('promises a time on the invoice, shows its secret once, and can have it rotated', async () => {
    const sale = await sell(() => ({ status: 200, body: { text: 'goods' } }), { fulfilment_deadline_seconds: 7_200 });
    const invoices = (await sale.buyer.messages()).flatMap((message) => message.invoice ?? []);
    expect(invoices[0]?.description).toBe(
      'Yours alone\nMade for you within 2 hours after the payment, or your Stars come back.',
    );
    const shown = await sale.creator.get(`/v1/products/${sale.productId}`).expect(200);
    expect(shown.body).toMatchObject({
      kind: 'callback',
      fulfilment_deadline_seconds: 7_200,
      refund_at_deadline: true,
    });
    expect(JSON.stringify(shown.body)).not.toContain('whsec_');
    const rotated = await sale.creator.post(`/v1/products/${sale.productId}/rotate-fulfilment-secret`).expect(200);
    expect(rotated.body.fulfilment_secret).toMatch(/^whsec_/);
    // The former secret still verifies, because both secrets sign for a day.
    await sale.buyer.pays(await sale.buyer.wants(sale.productId));
    await eventually('a second request', async () => sale.server.asked.length === 2);
  });

  it.each([
    ['no URL', {}],
    ['a cloud metadata address', { fulfilment_url: 'http://169.254.169.254/latest' }],
    ['a private address', { fulfilment_url: 'https://10.0.0.1/' }],
    ['too short a deadline', { fulfilment_url: 'https://creator.com/', fulfilment_deadline_seconds: 59 }],
    ['content', { fulfilment_url: 'https://creator.com/', content: 'goods' }],
  ])('is rejected with %s', async (_what, changes) => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const wish = { bot_id: bot.id, kind: 'callback', title: 'A', description: 'A', stars: 1 };
    await creator.post('/v1/products', { ...wish, ...changes }).expect(400);
  });

  it('accepts no goods from another workspace and reveals no secret to it', async () => {
    const sale = await sell(() => ({ status: 202 }));
    const stranger = await Creator.signUp(starwall);
    await stranger.post(`/v1/orders/${sale.orderId}/deliver`, { goods: { text: 'mine' } }).expect(404);
    await stranger.post(`/v1/products/${sale.productId}/rotate-fulfilment-secret`).expect(404);
  });
});
