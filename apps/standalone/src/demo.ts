import { starsInWords } from '#libs/kernel';
import { type LoggedEntry, type MessageView, SimulatorClient } from '../../simulator/src/index.js';
import { CreatorApi, type Json } from './api.js';
import { type DemoTenant, DEMO_BUYER, DEMO_EMAIL, ensureDemoTenant, newSimulatorToken } from './demo-tenant.js';
import { startWebhookReceiver, type WebhookReceiver } from './demo-receiver.js';
import type { Standalone } from './standalone.js';

const PATIENCE_MS = 15_000;

/** Runs one sale and its refund through every layer, and reports each step. @throws Error at the first difference */
export async function runDemo(standalone: Standalone, tell: (line: string) => void): Promise<void> {
  const receiver = await startWebhookReceiver();
  try {
    const story = new Story(standalone, tell, receiver);
    await story.openShop();
    const order = await story.buy();
    await story.refund(order);
    await story.checkBooks();
    tell('\nA clean sale and a clean refund.');
  } finally {
    await receiver.close();
  }
}

class Story {
  private readonly telegram: SimulatorClient;
  private readonly api: CreatorApi;
  private readonly buyer = DEMO_BUYER.id;
  private shop: DemoTenant = { botId: '', username: '', telegramId: 0 };
  private seen = 0;

  constructor(
    standalone: Standalone,
    private readonly tell: (line: string) => void,
    private readonly receiver: WebhookReceiver,
  ) {
    this.telegram = new SimulatorClient(standalone.simulator.url);
    this.api = new CreatorApi(standalone.apiUrl, (call) => tell(`  API       ${call}`));
  }

  async openShop(): Promise<void> {
    this.step('A creator signs up, registers a bot, makes three products and an endpoint for webhooks');
    await this.api.enter({ email: DEMO_EMAIL, password: 'a demo password', workspace: 'Demo' });
    this.shop = await ensureDemoTenant(this.api, this.telegram.url, newSimulatorToken());
    const endpoint = await this.api.post('/v1/endpoints', { url: this.receiver.url });
    this.receiver.useSecret(String(endpoint['secret']));
    await this.tellTelegram();
  }

  async buy(): Promise<string> {
    this.step(`${DEMO_BUYER.first_name} presses Start, looks around and chooses a product`);
    await this.telegram.start(this.chat());
    const welcome = await this.message((message) => message.text?.startsWith('Welcome') === true, 'the welcome');
    await this.telegram.press(this.chat(), welcome.message_id, 0);
    const list = await this.message((message) => message.text === 'What would you like?', 'the list of products');
    await this.telegram.press(this.chat(), list.message_id, 2);
    const card = await this.message((message) => message.text?.includes('After paying') === true, 'the product');
    await this.telegram.press(this.chat(), card.message_id, 0);
    const invoice = await this.message((message) => message.invoice !== undefined, 'the invoice');
    await this.tellTelegram();

    this.step('presses Pay; Telegram asks us first and then takes the Stars');
    const before = await this.balance();
    const paid = await this.telegram.payMessage(this.chat(), invoice.message_id);
    check(paid.status === 'paid', `the payment succeeded, the answer is: ${paid.text}`);
    check((await this.balance()) === before - 50, 'the buyer has 50 Stars less');
    await this.message((message) => message.document !== undefined, 'the purchased file');
    await this.until('the order to be delivered', async () => (await this.newestOrder())['status'] === 'delivered');
    await this.tellTelegram();
    await this.webhook('order.paid');
    await this.webhook('order.delivered');

    const order = await this.api.get(`/v1/orders/${String((await this.newestOrder())['id'])}`);
    this.tellOrder(order);
    check((order['charges'] as Json[]).length === 1, 'the order has one charge');
    return String(order['id']);
  }

  async refund(orderId: string): Promise<void> {
    this.step('The creator refunds the Stars');
    const before = await this.balance();
    await this.api.post(`/v1/orders/${orderId}/refunds`, { reason: 'The demo is over.' });
    await this.until('the Stars to be back', async () => (await this.balance()) === before + 50);
    await this.message((message) => message.text?.includes('have been returned') === true, 'the message to the buyer');
    await this.until('the order to be refunded', async () => (await this.newestOrder())['status'] === 'refunded');
    await this.webhook('order.refunded');
    await this.tellTelegram();
    this.tellOrder(await this.api.get(`/v1/orders/${orderId}`));
  }

  async checkBooks(): Promise<void> {
    this.step("Telegram's books and ours");
    const { transactions: listed } = await this.telegram.transactions(this.shop.telegramId);
    for (const { id, amount, source } of listed) {
      this.tell(
        `  Telegram  ${source === undefined ? 'out' : 'in '} ${starsInWords(amount)}, charge ${id.slice(0, 12)}…`,
      );
    }
    const charges = (await this.api.get('/v1/charges'))['data'] as Json[];
    check(listed.length === 2 && charges.length === 1, 'Telegram lists one payment and one refund, we list one charge');
    check(charges[0]?.['telegram_payment_charge_id'] === listed[0]?.id, 'both name the same charge');
    check(charges[0]?.['state'] === 'refunded', 'our charge is refunded');
  }

  private step(what: string): void {
    this.tell(`\n${what}`);
  }

  private tellOrder(order: Json): void {
    const { id, status, payment_state, delivery_state, stars } = order;
    this.tell(
      `  state     order ${String(id)}: ${String(status)} (money ${String(payment_state)}, goods ${String(delivery_state)}), ${starsInWords(Number(stars))}`,
    );
  }

  private async tellTelegram(): Promise<void> {
    for (const entry of await this.telegram.log({ after: this.seen })) {
      this.seen = entry.seq;
      this.tell(lineOf(entry));
    }
  }

  private chat() {
    return { botId: this.shop.telegramId, userId: this.buyer };
  }

  private async balance(): Promise<number> {
    return (await this.telegram.user(this.buyer)).balance;
  }

  private async newestOrder(): Promise<Json> {
    const quiet = await this.api.quietly((api) => api.get('/v1/orders?limit=1'));
    const [order] = quiet['data'] as Json[];
    return order ?? {};
  }

  private async message(wanted: (message: MessageView) => boolean, what: string): Promise<MessageView> {
    let found: MessageView | undefined;
    await this.until(`${what} in the chat`, async () => {
      const { messages } = await this.telegram.chat(this.chat());
      found = messages.findLast((message) => message.outgoing && wanted(message));
      return found !== undefined;
    });
    if (found === undefined) throw new Error(`${what} did not arrive`);
    return found;
  }

  private async webhook(type: string): Promise<void> {
    await this.until(`the webhook ${type}`, async () => this.receiver.received.some((each) => each.type === type));
    const received = this.receiver.received.find((each) => each.type === type);
    check(received?.signatureHolds === true, `the signature of ${type} is valid`);
    this.tell(`  webhook   ${type} ${received?.id ?? ''}, signature verified`);
  }

  private async until(what: string, happened: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await happened())) {
      if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1_000} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected: ${what}`);
}

function lineOf(entry: LoggedEntry): string {
  return entry.type === 'call'
    ? `  Bot API   ${entry.method} -> ${entry.status}${entry.description === undefined ? '' : ` ${entry.description}`}`
    : `  update    ${entry.kind} ${entry.updateId} -> ${entry.status}`;
}
