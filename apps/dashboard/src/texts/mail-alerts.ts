import { both } from './both';

export const MAIL_ALERTS_TEXTS = both(
  {
    title: 'Alerts by email',
    text: 'To your own address, for this workspace. At most one email an hour of each kind: it says how many more alerts there were. It never contains names or words of buyers.',
    failures: 'Orders that went wrong',
    failuresHint:
      'Paid orders that could not be delivered, failed refunds, and products that Telegram does not let anyone buy.',
    warnings: 'What stops sales or loses Stars',
    warningsHint:
      'A bot that receives no messages, a delayed refund, a failing server or endpoint, lost rights in a chat, an exhausted plan.',
    sales: 'Sales',
    salesHint: 'At most one email an hour, with the number of further sales.',
    support: "Buyers' questions",
    supportHint: 'The email leads to the question, and does not quote it.',
    save: 'Save changes',
    saved: 'Saved.',
    unconfirmed: 'Nothing is sent until you confirm your address.',
    confirm: 'To your address',
    unavailable: 'This installation cannot send email.',
  },
  {
    title: 'Оповещения по почте',
    text: 'На ваш адрес, о делах этого пространства. О каждом виде событий не больше одного письма в час: в нём сказано, сколько событий было ещё. Имён и слов покупателей в письмах нет.',
    failures: 'Проблемы с заказами',
    failuresHint:
      'Оплаченные заказы, которые не удалось выдать, неудавшиеся возвраты и товары, которые Telegram не даёт купить.',
    warnings: 'Что мешает продажам или стоит звёзд',
    warningsHint:
      'Бот не получает сообщений, возврат задерживается, ваш сервер или адрес для событий не отвечает, бот потерял права в чате, тариф исчерпан.',
    sales: 'Продажи',
    salesHint: 'Не больше одного письма в час, с числом остальных продаж.',
    support: 'Вопросы покупателей',
    supportHint: 'В письме ссылка на вопрос, без его текста.',
    save: 'Сохранить',
    saved: 'Сохранено.',
    unconfirmed: 'Пока вы не подтвердите адрес, писем не будет.',
    confirm: 'К вашему адресу',
    unavailable: 'Эта установка не отправляет писем.',
  },
);
