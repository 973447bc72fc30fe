import { pause } from './random.mjs';

/** Prepares a buyer with an invoice of the first shop. @returns a function that tries to pay it */
export async function readyToPay({ telegram, shops: [shop] }) {
  const { id } = await telegram.createUser({ first_name: 'Buyer' });
  await telegram.topUp(id, 1_000);
  const chat = { botId: shop.telegramId, userId: id };
  await telegram.start(chat, `buy_${shop.products[0]}`);
  for (;;) {
    const invoice = (await telegram.chat(chat)).messages.find((message) => message.invoice !== undefined);
    if (invoice !== undefined) return () => telegram.payMessage(chat, invoice.message_id);
    await pause(200);
  }
}
