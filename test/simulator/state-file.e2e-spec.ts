import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { eventually, invoice, until, WebhookReceiver } from './support.js';

let directory: string;
let stateFile: string;
const running: Simulator[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-state-'));
  stateFile = join(directory, 'kept', 'simulator.json');
});
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
  rmSync(directory, { recursive: true });
});

async function start() {
  const simulator = await startSimulator({ stateFile, retryScale: 0.01 });
  running.push(simulator);
  return { simulator, client: new SimulatorClient(simulator.url) };
}

async function call(url: string, token: string, method: string, parameters: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(parameters),
  });
  return response.json();
}

describe('a simulator with a state file', () => {
  it('remembers earlier payments after a restart, and can refund one', async () => {
    const first = await start();
    const bot = await first.client.createBot({ username: 'star_shop_bot', name: 'Star Shop' });
    const buyer = await first.client.createUser({ first_name: 'Ada' });
    const chat = { botId: bot.id, userId: buyer.id };
    await first.client.topUp(buyer.id, 60);
    await first.client.start(chat);
    await call(first.simulator.url, bot.token, 'sendInvoice', invoice(buyer.id));
    const sent = (await first.client.chat(chat)).messages.at(-1);
    const payment = first.client.payMessage(chat, sent?.message_id ?? 0);
    const query = await until(
      () =>
        first.simulator.world
          .bot(bot.id)
          .queue.pending()
          .find(({ kind }) => kind === 'pre_checkout_query'),
      'the pre-checkout',
    );
    await call(first.simulator.url, bot.token, 'answerPreCheckoutQuery', {
      pre_checkout_query_id: query.update.pre_checkout_query?.id,
      ok: true,
    });
    expect(await payment).toMatchObject({ status: 'paid' });
    const seen = await first.client.chat(chat);
    await first.simulator.close();

    const second = await start();
    expect(await second.client.chat(chat)).toEqual(seen);
    const [charge] = (await second.client.transactions(bot.id)).transactions;
    const refund = { user_id: buyer.id, telegram_payment_charge_id: charge?.id };
    expect(await call(second.simulator.url, bot.token, 'refundStarPayment', refund)).toEqual({
      ok: true,
      result: true,
    });
    expect(await second.client.user(buyer.id)).toMatchObject({ balance: 60 });
  });

  it('delivers updates to the webhook that were pending when it stopped', async () => {
    const receiver = new WebhookReceiver();
    const url = await receiver.listen();
    receiver.respond = () => Promise.resolve({ status: 500 });
    const first = await start();
    const bot = await first.client.createBot({ username: 'star_shop_bot', name: 'Star Shop' });
    const buyer = await first.client.createUser({ first_name: 'Ada' });
    await call(first.simulator.url, bot.token, 'setWebhook', { url, secret_token: 'hush' });
    await first.client.start({ botId: bot.id, userId: buyer.id });
    await until(() => receiver.received.length > 0, 'an attempt');
    await first.simulator.close();
    const attempts = receiver.received.length;

    const reply = { method: 'sendMessage', chat_id: buyer.id, text: 'Good morning' };
    receiver.respond = () => Promise.resolve({ status: 200, body: JSON.stringify(reply) });
    const second = await start();
    await until(() => receiver.received.length > attempts, 'the update that waited');
    expect(receiver.received.at(-1)?.update).toEqual(receiver.received[0]?.update);
    expect(receiver.received.at(-1)?.headers).toMatchObject({ 'x-telegram-bot-api-secret-token': 'hush' });
    const messages = async () => (await second.client.chat({ botId: bot.id, userId: buyer.id })).messages;
    expect(await eventually(messages, (all) => all.length === 2)).toMatchObject([{}, { text: 'Good morning' }]);
    await receiver.close();
  });

  it('saves its state soon after a change, in a file that only its owner can read', async () => {
    const { client } = await start();
    await client.createUser({ first_name: 'Ada' });
    await until(() => readFileSync(stateFile, 'utf8').includes('"Ada"'), 'the buyer in the file');
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['{"version":', /is damaged \(.+\)\. Remove it: the simulator then starts with an empty world\.$/],
    ['{"version":1,"clockOffset":0}', /is damaged \(.+\)\. Remove it/],
    ['[]', /is damaged\. Remove it/],
    ['{"version":99}', /was written by another version of the simulator\. Remove it/],
  ])('does not start with the content %s, and keeps it', async (content, sentence) => {
    stateFile = join(directory, 'simulator.json');
    writeFileSync(stateFile, content);
    await expect(startSimulator({ stateFile })).rejects.toThrow(sentence);
    expect(readFileSync(stateFile, 'utf8')).toBe(content);
  });

  it('does not start if it cannot read or write the file', async () => {
    writeFileSync(join(directory, 'kept'), 'a file, not a directory');
    await expect(startSimulator({ stateFile })).rejects.toThrow(
      /simulator\.json cannot be read \(ENOTDIR.+\)\. Remove it/,
    );
    const inTheWay = join(directory, 'simulator.json');
    mkdirSync(`${inTheWay}.new`);
    await expect(startSimulator({ stateFile: inTheWay })).rejects.toThrow(
      /cannot write its state file .+simulator\.json/,
    );
  });
});
