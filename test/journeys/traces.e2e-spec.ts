import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseId } from '#libs/kernel';
import { endTracing } from '#libs/tracing';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { readonly traceId: string }[];
}

/** Receives traces like any collector: POST /v1/traces with OTLP's JSON. */
class Collector {
  readonly bodies: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/v1/traces') this.bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  get spans(): Span[] {
    const requests = this.bodies.map(
      (body) => JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] },
    );
    return requests.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }
}

const collector = new Collector();
let starwall: Starwall;
let receiver: WebhookReceiver;

beforeAll(async () => {
  const endpoint = await collector.open();
  [starwall, receiver] = await Promise.all([
    startStarwall({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    WebhookReceiver.start(),
  ]);
});
afterAll(async () => {
  await starwall.stop();
  await receiver.stop();
  collector.close();
});

it('a sale is one trace, from the pre-checkout to the webhook, without personal data', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  await creator.post('/v1/endpoints', { url: receiver.url }).expect(201);
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name: 'Zebulon' });
  await buyer.pays(await buyer.wants(product));
  const order = await eventually('a delivery that the creator was told of', async () => {
    const list = await creator.get('/v1/orders?delivery_state=delivered').expect(200);
    const id = list.body.data[0]?.id as string | undefined;
    const told = receiver.received.some(({ body }) => body.includes('"order.delivered"'));
    return told ? id : undefined;
  });
  // The remaining spans are sent when a process ends.
  await endTracing();

  const trace = (parseId('order', order) ?? '').replaceAll('-', '');
  const { spans } = collector;
  const ofOrder = spans.filter(({ traceId }) => traceId === trace);
  const names = new Set(ofOrder.map(({ name }) => name));
  for (const name of [
    'receive pre_checkout_query',
    'telegram answerPreCheckoutQuery',
    'receive successful_payment',
    'handle successful_payment',
    'job order.deliver',
    'telegram sendMessage',
    'webhook',
  ])
    expect(names).toContain(name);

  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parentOf = (name: string) => byId.get(ofOrder.find((span) => span.name === name)?.parentSpanId ?? '')?.name;
  expect(parentOf('telegram answerPreCheckoutQuery')).toBe('receive pre_checkout_query');
  expect(parentOf('telegram sendMessage')).toBe('job order.deliver');
  // A webhook has its own job, to which it is linked.
  const webhook = ofOrder.find(({ name }) => name === 'webhook');
  const job = spans.find(({ traceId }) => traceId === webhook?.links?.[0]?.traceId);
  expect(job?.name).toBe('job webhook.attempt');
  const told = ofOrder.flatMap(({ attributes = [] }) => attributes).filter(({ key }) => key === 'starwall.order_id');
  expect(told[0]?.value).toEqual({ stringValue: order });

  const sent = collector.bodies.join('\n');
  const secrets = [bot.token, bot.token.split(':')[1] ?? '', String(buyer.id), 'Zebulon', receiver.url, creator.email];
  expect(secrets.filter((secret) => sent.includes(secret))).toEqual([]);
  expect(sent).not.toMatch(/\/telegram\/|secret/i);
});
