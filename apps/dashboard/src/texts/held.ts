import { both } from './both';

/** Texts about delivering for a payment without an order. */
export const HELD_TEXTS = both(
  {
    deliver: 'Deliver…',
    title: 'Deliver for this payment?',
    text: 'It becomes a paid order at the price that was paid, and the bot sends the product.',
    product: 'Product',
    named: (title: string) => (title === '' ? 'The one named in the payment' : `The one that was paid: ${title}`),
    choose: 'Choose a product',
    act: 'Deliver',
    done: 'The goods are on their way.',
  },
  {
    deliver: 'Выдать…',
    title: 'Выдать товар за этот платёж?',
    text: 'Платёж станет оплаченным заказом по уплаченной цене, и бот отправит товар.',
    product: 'Товар',
    named: (title: string) => (title === '' ? 'Тот, что указан в платеже' : `Оплаченный: ${title}`),
    choose: 'Выберите товар',
    act: 'Выдать',
    done: 'Товар отправлен.',
  },
);
