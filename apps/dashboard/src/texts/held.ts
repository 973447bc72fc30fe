import { both } from './both';

/** Texts about delivering for a payment without an order. */
export const HELD_TEXTS = both(
  {
    deliver: 'Deliver…',
    title: 'Deliver for this payment?',
    text: 'It becomes a paid order at the price that was paid, and the bot sends the product.',
    product: 'Product',
    named: 'The one that the payment names',
    act: 'Deliver',
    done: 'The goods are on their way.',
  },
  {
    deliver: 'Выдать…',
    title: 'Выдать товар за этот платёж?',
    text: 'Платёж станет оплаченным заказом по уплаченной цене, и бот отправит товар.',
    product: 'Товар',
    named: 'Тот, что указан в платеже',
    act: 'Выдать',
    done: 'Товар отправлен.',
  },
);
