import type { ReactNode } from 'react';
import { both } from './both';
import { ruCount } from './plural';

export const HOME_TEXTS = both(
  {
    title: 'Home',
    first: (left: number) =>
      left === 1
        ? 'Your first sale is one step away'
        : `Your first sale is ${['', 'one', 'two', 'three', 'four'][left] ?? left} steps away`,
    firstText: 'About two minutes. You can leave and come back; nothing is lost.',
    done: 'Done',
    addBot: 'Add a bot',
    addBotText: 'It is the shop in which your buyers choose and pay.',
    botConnected: (name: string, username: string, last4: string) => (
      <>
        {name} <span className="dim">@{username}</span> is connected. Token ends in <code>{last4}</code>.
      </>
    ),
    makeProduct: 'Create a product',
    makeProductText: 'A text is enough to start with: a clear promise, and what the buyer gets.',
    madeProduct: (title: string, stars: ReactNode) => (
      <>
        “{title}” for {stars}.
      </>
    ),
    buyYourself: 'Buy it yourself',
    buyYourselfText: 'Buy it once: you see exactly what buyers will see, including the receipt.',
    buyYourselfReal: 'Open the bot in Telegram and buy once. You can refund it at once.',
    bought: 'The first order is here.',
    openAsBuyer: 'Open as a buyer',
    openInTelegram: 'Open in Telegram',
    waiting: 'Waiting for your order. It appears here automatically.',
    share: 'Share the link',
    shareText: 'Post a Buy button to your channel, or send the link to one person.',
    whatBuyerSees: 'What the buyer sees',
    starsLast30: 'Stars, last 30 days',
    oneBrick: (stars: ReactNode) => <>Every {stars} you earn lays one brick.</>,
    days30: '30 days',
    days7: '7 days',
    today: 'Today',
    before30: ' on the 30 before',
    before7: ' on the 7 before',
    before1: ' on yesterday',
    nothingBefore: 'nothing before',
    soFar: (day: ReactNode, stars: string, orders: string) => (
      <>
        <b>{day}</b>, {stars} in {orders}
      </>
    ),
    chart: (stars: string) => `Stars by day: ${stars}`,
    brickIs: (stars: ReactNode) => <>One brick is {stars}</>,
    sameDayBefore: 'Same day, 30 days before',
    orders: 'Orders',
    openedAndPaid: 'Opened and paid',
    refunds: 'Refunds',
    ofOrders: (share: string) => `${share} of orders`,
    delivered: 'Delivered',
    needsYou: 'Needs your attention',
    nothingNeeded: 'Nothing needs your attention.',
    undelivered: (count: number) =>
      count === 1 ? '1 paid order is not delivered' : `${count} paid orders are not delivered`,
    undeliveredText: 'The Stars are safe. Deliver by hand, or refund.',
    see: 'See them',
    openQuestions: (count: number) => (count === 1 ? '1 question is open' : `${count} questions are open`),
    latest: 'Latest orders',
    all: 'All orders',
  },
  {
    title: 'Главная',
    first: (left: number) => `До первой продажи ${ruCount(left, { one: 'шаг', few: 'шага', many: 'шагов' })}`,
    firstText: 'Это около двух минут. Можно уйти и вернуться: ничего не пропадёт.',
    done: 'Готово',
    addBot: 'Добавьте бота',
    addBotText: 'Это магазин, в котором покупатели выбирают и платят.',
    botConnected: (name: string, username: string, last4: string) => (
      <>
        {name} <span className="dim">@{username}</span> подключён. Токен заканчивается на <code>{last4}</code>.
      </>
    ),
    makeProduct: 'Сделайте товар',
    makeProductText: 'Для начала хватит текста: одно ясное обещание и то, что получит покупатель.',
    madeProduct: (title: string, stars: ReactNode) => (
      <>
        «{title}» за {stars}.
      </>
    ),
    buyYourself: 'Купите его сами',
    buyYourselfText: 'Побудьте покупателем: вы увидите всё его глазами, вместе с чеком.',
    buyYourselfReal: 'Откройте бота в Telegram и купите один раз. Звёзды можно сразу вернуть.',
    bought: 'Первый заказ уже здесь.',
    openAsBuyer: 'Открыть как покупатель',
    openInTelegram: 'Открыть в Telegram',
    waiting: 'Ждём ваш заказ. Он появится здесь сам.',
    share: 'Поделитесь ссылкой',
    shareText: 'Опубликуйте кнопку «Купить» в канале или отправьте ссылку одному человеку.',
    whatBuyerSees: 'Что видит покупатель',
    starsLast30: 'Звёзды за 30 дней',
    oneBrick: (stars: ReactNode) => <>Каждые {stars} кладут один кирпич.</>,
    days30: '30 дней',
    days7: '7 дней',
    today: 'Сегодня',
    before30: ' к прошлым 30',
    before7: ' к прошлым 7',
    before1: ' ко вчера',
    nothingBefore: 'раньше ничего',
    soFar: (day: ReactNode, stars: string, orders: string) => (
      <>
        <b>{day}</b>, {stars}, {orders}
      </>
    ),
    chart: (stars: string) => `Звёзды по дням: ${stars}`,
    brickIs: (stars: ReactNode) => <>Один кирпич: {stars}</>,
    sameDayBefore: 'Тот же день 30 дней назад',
    orders: 'Заказы',
    openedAndPaid: 'Открыли и оплатили',
    refunds: 'Возвраты',
    ofOrders: (share: string) => `${share} заказов`,
    delivered: 'Доставлено',
    needsYou: 'Ждёт вас',
    nothingNeeded: 'Ничего не требует вашего внимания.',
    undelivered: (count: number) =>
      `Не доставлено: ${ruCount(count, { one: 'оплаченный заказ', few: 'оплаченных заказа', many: 'оплаченных заказов' })}`,
    undeliveredText: 'Звёзды в сохранности. Доставьте вручную или верните.',
    see: 'Показать',
    openQuestions: (count: number) =>
      ruCount(count, { one: 'открытый вопрос', few: 'открытых вопроса', many: 'открытых вопросов' }),
    latest: 'Последние заказы',
    all: 'Все заказы',
  },
);
