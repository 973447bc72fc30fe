import type { TextKey } from './texts.js';

/** The same in Russian. Telegram's own words for its things: звёзды, чек, счёт. */
export const RUSSIAN: Readonly<Record<TextKey, string>> = {
  'shop.welcome':
    'Добро пожаловать в {shop}! Нажмите кнопку, чтобы увидеть, что здесь продаётся. Вы платите звёздами Telegram и сразу получаете покупку.',
  'shop.heading': 'Что вы хотите купить?',
  'shop.empty': 'Сейчас здесь ничего не продаётся. Загляните позже.',
  'shop.closed': 'Магазин временно закрыт. Всё, что вы купили, остаётся вашим: список покупок – /orders.',
  'shop.month_used_up':
    'В этом месяце магазин продал всё, что мог. Загляните в следующем. Всё, что вы купили, остаётся вашим: список покупок – /orders.',
  'shop.gone': 'Этого товара здесь больше нет. Отправьте /shop, чтобы увидеть, что продаётся сейчас.',
  'shop.open': 'Открыть магазин',
  'shop.product': '{title} – {price}',
  'shop.back': '‹ Назад',
  'shop.more': 'Дальше ›',
  help: '/shop – что здесь продаётся\n/orders – ваши покупки\n/subscriptions – что продлевается само\n/balance – ваши кредиты\n/paysupport – помощь с оплатой\n/terms – условия продажи',
  not_understood: 'Отправьте /shop, чтобы увидеть, что здесь продаётся, или /help для всего остального.',
  terms:
    'Вы покупаете цифровые товары у продавца, который ведёт этого бота, и платите звёздами Telegram. Покупка приходит в этот чат. По вопросам и возвратам отправьте /paysupport. Telegram не посредничает между вами и продавцом.',

  'invoice.credits': 'Начислим {credits}. Без срока действия.',
  'invoice.credits_until': 'Начислим {credits}. Срок действия: {valid}.',
  'invoice.promise': 'Сделаем для вас за {within} после оплаты.',
  'invoice.promise_or_refund': 'Сделаем для вас за {within} после оплаты или вернём звёзды.',

  'invoice.renews': 'Продлевается сама каждые {period}. Отменить можно в любой момент.',

  'checkout.unknown_order': 'Такого счёта у нас нет. Откройте магазин и оформите покупку ещё раз.',
  'checkout.other_buyer': 'Этот счёт выставлен другому человеку. Откройте магазин, чтобы получить свой.',
  'checkout.already_paid': 'Вы уже оплатили этот счёт. Отправьте /orders, чтобы увидеть покупку.',
  'checkout.cancelled': 'Этот заказ отменён. Откройте магазин и оформите покупку ещё раз.',
  'checkout.expired': 'Срок этого счёта истёк. Откройте магазин и оформите покупку ещё раз.',
  'checkout.being_paid': 'Этот счёт оплачивают на другом устройстве. Подождите минуту и попробуйте снова.',
  'checkout.price_changed': 'Цена изменилась с тех пор, как был выставлен счёт. Новая цена – в магазине.',
  'checkout.shop_closed': 'Магазин временно закрыт. Звёзды не списаны.',
  'checkout.month_used_up':
    'В этом месяце магазин продал всё, что мог. Звёзды не списаны, загляните в следующем месяце.',
  'checkout.limit_reached': 'Вы уже купили столько, сколько может купить один человек.',
  'checkout.already_subscribed': 'У вас уже есть эта подписка. Отправьте /subscriptions, чтобы увидеть её.',
  'checkout.archived': 'Этот товар больше не продаётся.',
  'checkout.not_yet': 'Продажа этого товара ещё не началась.',
  'checkout.ended': 'Продажа этого товара закончилась.',
  'checkout.sold_out': 'Этот товар распродан.',
  'checkout.unavailable': 'Не удалось вовремя проверить оплату. Звёзды не списаны, попробуйте ещё раз.',

  'payment.unknown':
    'Мы получили оплату, которая не относится ни к одному вашему заказу. Продавец уже знает; поможет /paysupport.',
  'payment.twice': 'Вы уже оплатили эту покупку, поэтому вторая оплата возвращается вам. Делать ничего не нужно.',
  'payment.too_late':
    'Оплата пришла, когда последний экземпляр уже был продан. Нам очень жаль: звёзды возвращаются вам. Делать ничего не нужно.',
  'payment.refunded': 'Вам возвращено за «{title}»: {stars}.',
  'payment.refunded_unknown': 'Вам возвращено: {stars}.',

  'receipt.heading': 'Чек: {title}',
  'receipt.paid': 'Оплачено: {stars}, {paid_at}',
  'receipt.balance': 'Ваш баланс: {credits}',
  'receipt.order': 'Заказ: {order}',
  'receipt.help': 'Вопросы о покупке? Отправьте /paysupport',
  'goods.open': 'Открыть',
  'goods.copy': 'Скопировать',
  'goods.credits': 'Начислено: {added}.\nВаш баланс: {balance}. Отправьте /balance, чтобы увидеть его в любое время.',
  'goods.credits_until':
    'Начислено: {added}. Действует до {until}.\nВаш баланс: {balance}. Отправьте /balance, чтобы увидеть его в любое время.',
  'goods.generating': '«{title}» готовится для вас. Как только всё будет готово, вы получите покупку здесь.',
  'goods.failed': 'Нам очень жаль: «{title}» не удалось сделать. Отправьте /paysupport, и продавец вам поможет.',
  'goods.failed_refunding':
    'Нам очень жаль: «{title}» не удалось сделать вовремя. Звёзды возвращаются вам. Если есть вопросы, отправьте /paysupport.',
  'goods.again': 'Отправляем вам ещё раз.',
  'goods.later': 'Сейчас продавец ничего не может отправить. Вы получите это здесь, как только отправка возобновится.',
  'goods.unmade': 'Продавец ещё не закончил. Отправьте /paysupport, если ждёте слишком долго.',

  'orders.heading': 'Ваши последние покупки. Нажмите на покупку, чтобы получить её ещё раз.',
  'orders.empty': 'Вы здесь ещё ничего не купили. Отправьте /shop, чтобы осмотреться.',
  'orders.line': '{date} · {title} · {price} · {state}\n{order}',
  'orders.state.none': 'оплачено',
  'orders.state.waiting': 'уже в пути',
  'orders.state.generating': 'готовится для вас',
  'orders.state.delivered': 'доставлено',
  'orders.state.failed': 'доставить не удалось, отправьте /paysupport',
  'orders.state.unreachable': 'ждёт вас',
  'orders.state.revoked': 'возвращено',

  'balance.heading': 'Ваши кредиты:',
  'balance.empty': 'У вас нет кредитов. Отправьте /shop, чтобы увидеть, что здесь продаётся.',
  'balance.line': '{credits}',
  'balance.in_use': 'занято: {count}',
  'balance.until': '{count} до {until}',

  'subscription.offer': '{title}\n\n{description}',
  'subscription.subscribe': '{price} каждые {period}',
  'subscription.begins':
    'Ваша подписка «{title}» началась и оплачена до {until}. Отправьте /subscriptions, чтобы увидеть или отменить её.',
  'subscription.goes_on': 'Ваша подписка «{title}» продлена и оплачена до {until}.',
  'subscription.failed':
    'Не удалось продлить подписку «{title}». Проверьте, хватает ли звёзд, и продлите её в Telegram: Настройки, Мои звёзды. Доступ сохранится до {until}.',
  'subscription.ends_soon': 'Ваша подписка «{title}» заканчивается {until} и не продлится.',
  'subscription.come_back': 'Ваша подписка «{title}» закончилась. Хотите вернуться?',
  'subscription.again': '{title} – {price}',
  'subscription.heading': 'Ваши подписки:',
  'subscription.none': 'У вас здесь нет подписок. Отправьте /shop, чтобы увидеть, что продаётся.',
  'subscription.line': '{title} – {price} каждые {period}, оплачено до {until}',
  'subscription.line_canceled': '{title} – до {until}',
  'subscription.cancel': 'Отменить {title}',
  'subscription.cancel_sure': 'Отменить «{title}»? Новых списаний не будет, доступ сохранится до {until}.',
  'subscription.cancel_yes': 'Да, отменить',
  'subscription.canceled': 'Готово: «{title}» не продлится. Доступ сохранится до {until}.',
  'subscription.resume': 'Снова продлевать {title}',
  'subscription.resumed': 'Теперь вы можете снова включить продление «{title}» в Telegram: Настройки, Мои звёзды.',
  'subscription.later': 'Сейчас это невозможно. Попробуйте ещё раз через несколько минут.',

  'support.choose': 'О чём речь? Выберите покупку и напишите, что случилось: продавец прочитает и ответит здесь.',
  'support.other': 'О другом',
  'support.topic': '{date} · {title}',
  'support.opened': 'Напишите своими словами, что случилось. Всё, что вы напишете здесь, увидит продавец.',
  'support.passed_on':
    'Спасибо, продавец получил ваше сообщение и ответит здесь. Вы можете дополнить его в любое время.',
  'support.too_many': 'Очень много сообщений за час. Подождите немного: продавец прочитает то, что вы уже написали.',
  'support.only_text': 'Продавец видит только текст. Опишите, пожалуйста, словами.',
  'support.answer': 'Ответ продавца:\n\n{answer}',
  'support.answer_about': 'Ответ продавца о «{title}»:\n\n{answer}',

  'command.shop': 'Что продаётся',
  'command.orders': 'Мои покупки и чеки',
  'command.subscriptions': 'Ваши подписки',
  'command.balance': 'Мои кредиты',
  'command.paysupport': 'Помощь с оплатой',
  'command.terms': 'Условия продажи',
  'command.help': 'Как работает этот бот',
  'command.start': 'Начать',
  'profile.description':
    'Добро пожаловать в {shop}! Выберите, оплатите звёздами Telegram – и покупка придёт в этот чат.\n\nНажмите «Начать», чтобы увидеть, что продаётся.',
  'profile.about': '{shop}: выберите, оплатите звёздами Telegram и получите прямо в чате.',
};
