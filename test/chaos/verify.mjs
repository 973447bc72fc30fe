import { checkBooks, report } from '../../scripts/books.mjs';
import { STOCK } from './town.mjs';

/**
 * Compares our ledger with the records of Telegram, the buyers and the creators' servers. Each sentence is one difference.
 * @param except names of invariants that a fault excuses
 */
export async function verify({ machines, telegram, shops, tenants, buyers, publicId, except }) {
  const found = { lost: [], doubled: [], wrong: [], copies: 0 };
  for (const shop of shops) await compareBot(machines.database, telegram, shop, found);
  await compareChats(machines.database, telegram, buyers, publicId, found);
  for (const [i, tenant] of tenants.entries()) await compareWebhooks(machines.database, tenant, i + 1, publicId, found);
  await compareStock(machines.database, found);
  const violated = await checkBooks(machines.ownerUrl, { olderThan: '0 seconds', except });
  if (violated.length > 0) found.wrong.push(report(violated));
  const [{ healed }] = await machines.database.query(
    `select count(*)::int as healed from charges where source = 'reconciliation'`,
  );
  return { ...found, healed };
}

/** Compares every charge, and the balance. */
export async function compareBot(database, telegram, shop, found) {
  const { balance, transactions } = await telegram.transactions(shop.telegramId);
  const back = new Set(transactions.filter((row) => row.receiver !== undefined).map((row) => row.id));
  const theirs = new Map(transactions.filter((row) => row.source !== undefined).map((row) => [row.id, row]));
  const ours = await database.query(
    `select c.telegram_charge_id as id, c.stars, c.buyer_id::text as buyer, c.state, c.match
     from charges c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id where b.telegram_id = $1`,
    [shop.telegramId],
  );
  const seen = new Map();
  for (const charge of ours) {
    const listed = theirs.get(charge.id);
    if (listed === undefined || seen.has(charge.id)) found.doubled.push(`the charge ${charge.id} is one too many`);
    else if (listed.amount !== charge.stars || String(listed.source.user.id) !== charge.buyer)
      found.wrong.push(`the charge ${charge.id} has another amount or buyer`);
    seen.set(charge.id, charge);
  }
  for (const id of theirs.keys()) {
    const charge = seen.get(id);
    const wanted = back.has(id) ? 'refunded' : 'paid';
    if (charge === undefined) found.lost.push(`the charge ${id} is not on our books`);
    else if (charge.state !== wanted)
      found.lost.push(`the charge ${id} is ${wanted} at Telegram and ${charge.state} here`);
  }
  const [{ stars }] = await database.query(
    `select coalesce(sum(e.stars), 0)::bigint as stars from ledger_entries e
     join bots b on b.tenant_id = e.tenant_id and b.id = e.bot_id where b.telegram_id = $1 and e.account = 'telegram'`,
    [shop.telegramId],
  );
  if (Number(stars) !== balance) found.wrong.push(`a balance is ${balance} at Telegram and ${stars} in our ledger`);
}

/** Checks that every paid order was delivered: the goods and a receipt that names it are in the chat, or else an explanation. */
async function compareChats(database, telegram, buyers, publicId, found) {
  const orders = await database.query(
    `select o.id, o.state, o.delivery, o.delivered_at is not null as was_delivered, p.content, o.buyer_id::text as buyer, b.telegram_id::text as bot
     from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
     join bots b on b.tenant_id = o.tenant_id and b.id = o.bot_id where o.state in ('paid', 'refunded')`,
  );
  const byChat = groupBy(orders, chatOf);
  for (const { chat } of buyers.chats) {
    const { messages } = await telegram.chat(chat);
    const texts = messages.filter((message) => message.outgoing).map((message) => message.text ?? '');
    const receipts = texts.flatMap((text) => /^Order: (ord_\w+)$/m.exec(text)?.[1] ?? []);
    const mine = byChat.get(`${chat.botId}/${chat.userId}`) ?? [];
    for (const order of mine) compareOrder(order, receipts, publicId, found);
    compareGoods(mine, texts, found);
  }
}

const chatOf = (order) => `${order.bot}/${order.buyer}`;

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const each of list) {
    const group = groups.get(keyOf(each)) ?? [];
    group.push(each);
    groups.set(keyOf(each), group);
  }
  return groups;
}

function compareOrder({ id, state, delivery, was_delivered: delivered }, receipts, publicId, found) {
  const receipt = receipts.filter((order) => order === publicId('order', id)).length;
  if (delivered && receipt === 0) found.lost.push(`the order ${id} counts as delivered, and its buyer has no receipt`);
  if (receipt > 1) found.copies += receipt - 1;
  if (state === 'paid' && !['delivered', 'failed', 'unreachable'].includes(delivery)) {
    found.lost.push(`the paid order ${id} is neither delivered nor reported: ${delivery}`);
  }
}

function compareGoods(orders, texts, found) {
  const contents = new Set(orders.flatMap((order) => order.content ?? []));
  for (const content of contents) {
    const copies = texts.filter((text) => text === content).length;
    const owed = orders.filter((order) => order.content === content && order.was_delivered).length;
    const most = orders.filter((order) => order.content === content).length;
    if (copies < owed) found.lost.push(`${owed} orders count as delivered, the chat has the goods ${copies} times`);
    if (copies > most) found.copies += copies - most;
  }
}

/** Checks that a creator's server received exactly the recorded events. */
async function compareWebhooks(database, { receiver }, n, publicId, found) {
  const events = await database.query(
    `select v.id from events v join endpoints p on p.tenant_id = v.tenant_id where p.url = $1`,
    [receiver.url],
  );
  const ids = new Set(events.map(({ id }) => publicId('event', id)));
  const missing = [...ids].filter((id) => !receiver.taken.has(id)).length;
  const strange = [...receiver.taken.keys()].filter((id) => !ids.has(id)).length;
  if (missing > 0) found.lost.push(`creator ${n} was not told of ${missing} of ${ids.size} events`);
  if (strange > 0) found.doubled.push(`creator ${n} was told of ${strange} events that did not happen`);
  if (receiver.forged > 0) found.wrong.push(`${receiver.forged} signatures did not hold`);
  if (receiver.contradicted > 0) found.wrong.push(`${receiver.contradicted} webhooks were repeated with another body`);
}

/** Checks that the reduction of the stock equals the units that orders hold. */
async function compareStock(database, found) {
  const products = await database.query(
    `select p.id, p.stock, count(o.id) filter (where o.stock_reserved)::int as held
     from products p left join orders o on o.tenant_id = p.tenant_id and o.product_id = p.id
     where p.stock is not null group by p.id, p.stock`,
  );
  for (const { id, stock, held } of products) {
    if (stock + held !== STOCK)
      found.wrong.push(`of the product ${id} ${STOCK - stock} units are gone and ${held} are held`);
  }
}
