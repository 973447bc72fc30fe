import type { Schema } from '#libs/client';
import { both } from './both';

/** The name and one line about each kind of product. */
export const KIND_TEXTS = both<{
  kinds: Readonly<Record<Schema<'Product'>['kind'], { readonly name: string; readonly line: string }>>;
}>(
  {
    kinds: {
      text: { name: 'Text', line: 'A text, sent in the chat after the payment.' },
      link: { name: 'Link', line: 'An address that opens after the payment.' },
      file: { name: 'File', line: 'A file, sent in the chat after the payment.' },
      licence_key: { name: 'Licence key', line: 'Each buyer gets their own key, oldest first.' },
      credits: { name: 'Credits', line: 'Credits that your bot or your server deducts as they are used.' },
      chat_access: { name: 'Chat access', line: 'Access to a group or channel, for some days or forever.' },
      subscription: { name: 'Subscription', line: 'Renews automatically every 30 days until the buyer cancels it.' },
      paid_command: {
        name: 'Paid command',
        line: 'A command of your bot that your server answers; each use is paid for.',
      },
      callback: { name: 'Made to order', line: 'Your server makes the goods when an order is paid.' },
      paid_media: { name: 'Paid media', line: 'Photos and videos that Telegram blurs until they are paid for.' },
    },
  },
  {
    kinds: {
      text: { name: 'Текст', line: 'Текст, который придёт в чат после оплаты.' },
      link: { name: 'Ссылка', line: 'Адрес, который откроется после оплаты.' },
      file: { name: 'Файл', line: 'Файл, который придёт в чат после оплаты.' },
      licence_key: { name: 'Ключ', line: 'Каждый покупатель получает свой ключ, сначала самые старые.' },
      credits: { name: 'Кредиты', line: 'Кредиты, которые бот или ваш сервер списывает по мере использования.' },
      chat_access: { name: 'Доступ в чат', line: 'Вход в группу или канал: на несколько дней или навсегда.' },
      subscription: { name: 'Подписка', line: 'Списывается каждые 30 дней, пока покупатель не остановит.' },
      paid_command: {
        name: 'Платная команда',
        line: 'Команда бота, на которую отвечает ваш сервер; платят за каждый раз.',
      },
      callback: { name: 'На заказ', line: 'Ваш сервер делает товар, когда заказ оплачен.' },
      paid_media: { name: 'Платные фото и видео', line: 'Фото и видео, которые Telegram скрывает до оплаты.' },
    },
  },
);
