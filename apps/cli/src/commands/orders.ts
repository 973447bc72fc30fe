import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { answered, type Schema } from '#libs/client';
import { given, here, limit, number } from '../console/arguments.js';
import { connect } from '../console/credentials.js';
import { textOf } from '../console/input.js';
import { column, minute, say, sayPage, stars } from '../console/say.js';
import type { Environment } from '../console/settings.js';

export function addOrderCommands(program: Command, env: Environment): void {
  const orders = program.command('orders').description('orders and their goods');
  orders
    .command('list')
    .description('list orders, newest first')
    .addOption(limit())
    .option('--bot <id>', 'only of this bot')
    .option('--product <id>', 'only of this product')
    .option('--buyer <telegram id>', 'only of this buyer', number(1, 2 ** 52 - 1, true))
    .option('--paid', 'only those that are paid and not refunded')
    .action(here(env, listOrders));
  orders
    .command('show <id>')
    .description('show an order and everything that happened to it')
    .action(here(env, showOrder));
  orders
    .command('refund <id>')
    .description('refund the Stars of an order')
    .option('--reason <words>', 'for your own records')
    .action(here(env, refundOrder));
  orders
    .command('deliver <id>')
    .description('submit the goods that your server has made for an order; the bot delivers them')
    .addOption(new Option('--text <text>', 'the goods: a text, @file, or - for standard input').conflicts('link'))
    .addOption(new Option('--link <url>', 'the goods: an address').conflicts('key'))
    .addOption(new Option('--key <key>', 'the goods: a key').conflicts('fileUrl'))
    .addOption(new Option('--file-url <url>', 'the goods: a file that is fetched from here').conflicts('text'))
    .action(here(env, deliver));
  orders
    .command('redeliver <id>')
    .description('send the goods again')
    .option('--reason <words>', 'for the timeline of the order')
    .action(here(env, changeDelivery('send_again')));
  orders
    .command('mark-delivered <id>')
    .description('mark the goods as delivered manually')
    .option('--reason <words>', 'for the timeline of the order')
    .action(here(env, changeDelivery('mark_delivered')));

  const charges = program.command('charges').description('charges and their refunds');
  charges
    .command('list')
    .description('list charges, newest first')
    .addOption(limit())
    .option('--bot <id>', 'only of this bot')
    .option('--unmatched', 'only money without an order')
    .action(here(env, listCharges));
  charges
    .command('refund <id>')
    .description('refund the Stars of a charge, even one without an order')
    .option('--reason <words>', 'for your own records')
    .action(here(env, refundCharge));
}

async function listOrders(
  env: Environment,
  options: { limit: number; bot?: string; product?: string; buyer?: number; paid?: boolean },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const query = given({
    limit: options.limit,
    bot_id: options.bot,
    product_id: options.product,
    buyer_telegram_id: options.buyer,
    payment_state: options.paid === true ? ('paid' as const) : undefined,
  });
  const page = await answered(api.GET('/v1/orders', { params: { query } }));
  sayPage(command, page, orderLine);
}

const orderLine = ({ id, created_at: at, status, stars: price, buyer_telegram_id: buyer }: Schema<'ExpandedOrder'>) =>
  `${id}  ${minute(at)}  ${column(status, 15)}  ${stars(price)}  buyer ${buyer}`;

async function showOrder(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const params = { path: { id } };
  const order = await answered(api.GET('/v1/orders/{id}', { params: { ...params, query: { expand: 'product' } } }));
  const timeline = await answered(api.GET('/v1/orders/{id}/timeline', { params }));
  const lines = [
    `${order.id}  ${order.product?.title ?? order.product_id}  ${stars(order.stars)}  buyer ${order.buyer_telegram_id}`,
    `payment ${order.payment_state}, delivery ${order.delivery_state}${order.delivery_error === null ? '' : `: ${order.delivery_error}`}`,
    ...order.charges.map((charge) => `charge ${charge.id}  ${stars(charge.stars)}  ${charge.state}`),
    ...timeline.entries.map(({ at, summary }) => `  ${minute(at)}  ${summary}`),
  ];
  say(command, { ...order, timeline: timeline.entries }, ...lines);
}

/**
 * Creates a new key for each call: a person who repeats a command wants to know that the Stars were already refunded.
 */
const once = () => ({ 'Idempotency-Key': randomUUID() });

async function refundOrder(env: Environment, id: string, options: { reason?: string }, command: Command) {
  const api = await connect(env);
  const params = { path: { id }, header: once() };
  sayRefund(command, await answered(api.POST('/v1/orders/{id}/refunds', { params, body: given(options) })));
}

async function refundCharge(env: Environment, id: string, options: { reason?: string }, command: Command) {
  const api = await connect(env);
  const params = { path: { id }, header: once() };
  sayRefund(command, await answered(api.POST('/v1/charges/{id}/refunds', { params, body: given(options) })));
}

const sayRefund = (command: Command, refund: Schema<'Refund'>) =>
  say(command, refund, `${refund.id} is ${refund.state}.`);

async function deliver(
  env: Environment,
  id: string,
  options: { text?: string; link?: string; key?: string; fileUrl?: string },
  command: Command,
): Promise<void> {
  const text = options.text === undefined ? undefined : await textOf(options.text);
  const goods = given({ text, link: options.link, key: options.key, file_url: options.fileUrl });
  if (Object.keys(goods).length === 0) command.error('error: specify the goods: --text, --link, --key or --file-url');
  await sayDelivery(env, id, { goods }, command);
}

const changeDelivery =
  (mode: 'send_again' | 'mark_delivered') =>
  (env: Environment, id: string, options: { reason?: string }, command: Command): Promise<void> =>
    sayDelivery(env, id, { mode, ...given(options) }, command);

async function sayDelivery(env: Environment, id: string, body: Schema<'Deliver'>, command: Command): Promise<void> {
  const api = await connect(env);
  const order = await answered(api.POST('/v1/orders/{id}/deliver', { params: { path: { id } }, body }));
  say(command, order, `${order.id}: delivery ${order.delivery_state}.`);
}

async function listCharges(
  env: Environment,
  options: { limit: number; bot?: string; unmatched?: boolean },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const match = options.unmatched === true ? ('unmatched' as const) : undefined;
  const query = given({ limit: options.limit, bot_id: options.bot, match });
  const page = await answered(api.GET('/v1/charges', { params: { query } }));
  sayPage(
    command,
    page,
    (charge) =>
      `${charge.id}  ${minute(charge.occurred_at)}  ${column(charge.state, 10)}  ${stars(charge.stars)}  ${charge.order_id ?? 'no order'}`,
  );
}
