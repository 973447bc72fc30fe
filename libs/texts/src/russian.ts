import type { Habits, Speech } from './habits.js';

/** The texts in Russian, with Telegram's own terms: звёзды, чек, счёт. */
const WORDS: Speech['words'] = {
  'product.title': '{title}',
  'product.description': '{description}',

  'shop.welcome':
    'Добро пожаловать в {shop}! Нажмите кнопку, чтобы увидеть, что здесь продаётся. Оплата – звёздами Telegram.',
  'shop.heading': 'Что вы хотите купить?',
  'shop.empty': 'Сейчас здесь ничего не продаётся. Загляните позже.',
  'shop.closed': 'Магазин временно закрыт. Всё, что вы купили, остаётся вашим: список покупок – /orders.',
  'shop.month_used_up':
    'В этом месяце магазин продал всё, что мог. Загляните в следующем. Всё, что вы купили, остаётся вашим: список покупок – /orders.',
  'shop.gone': 'Этого товара здесь больше нет. Отправьте /shop, чтобы увидеть, что продаётся сейчас.',
  'shop.open': 'Открыть магазин',
  'shop.product': '{title} – {price}',
  'shop.sold_out': '{title} – распродано',
  'shop.all': 'Все товары',
  'shop.back': '‹ Назад',
  'shop.more': 'Дальше ›',
  'card.text': '{title}\n\n{description}\n\nЦена: {price}',
  'card.promise': 'После оплаты вы получите покупку прямо в этом чате.',
  'card.promise_balance': 'После оплаты они появятся на вашем балансе: /balance.',
  'card.promise_chat': 'После оплаты вы получите личную ссылку для входа в чат.',
  'card.promise_later': 'После оплаты покупка придёт в этот чат, как только будет готова.',
  'card.promise_subscription': 'Подписка начнётся сразу после оплаты.',
  'post.promise': 'Кнопка ведёт в @{bot}: там вы оплатите покупку и получите её.',
  'card.stock': 'Осталось: {count}',
  'card.until': 'Продаётся до {until}',
  'card.from':
    'Начало: {from}. Чтобы к этому времени хватило звёзд, купите их заранее: в Telegram, «Настройки», «Мои звёзды», или у @PremiumBot.',
  'card.buy': 'Купить за {price}',
  'inline.result': '{price} · {description}',
  button_stale: 'Эта кнопка уже не действует. Отправьте /shop, чтобы увидеть, что продаётся сейчас.',
  privacy:
    'Продавец, который ведёт этого бота, хранит ваше имя в Telegram, ваши покупки и то, что вы здесь пишете: чтобы выдать покупку и помочь вам. Чтобы всё удалить, отправьте /paysupport.',
  help_own: '{command} – {about}',
  help: '/shop – что здесь продаётся\n/orders – ваши покупки\n/subscriptions – ваши подписки\n/balance – ваш баланс\n/promo – ввести промокод\n/paysupport – помощь с оплатой\n/terms – условия продажи\n/privacy – что о вас хранится',
  not_understood:
    'Отправьте /shop, чтобы посмотреть товары, /paysupport, чтобы написать продавцу, или /help, чтобы узнать об остальном.',
  'stars.how': 'Не хватает звёзд?',
  'stars.help':
    'Если звёзд мало, всё равно нажмите на оплату: Telegram покажет, сколько не хватает, и предложит купить их сразу. До подтверждения ничего не спишется. Купить звёзды можно и заранее: в Telegram, «Настройки», «Мои звёзды», или у @PremiumBot. Если ваше приложение не умеет платить звёздами, скачайте Telegram с сайта telegram.org.',
  'terms.ask': 'Прежде чем покупать здесь, прочитайте условия выше. Нажимая кнопку, вы принимаете их.',
  'terms.agree': 'Принимаю',
  'terms.agreed': 'Спасибо, вы приняли условия. Отправьте /shop, чтобы увидеть, что здесь продаётся.',
  terms:
    'Вы покупаете цифровые товары у продавца, который ведёт этого бота, и платите звёздами Telegram. Покупку вы получаете через этого бота. По вопросам и возвратам отправьте /paysupport. Telegram не выступает посредником между вами и продавцом.',

  'invoice.credits': 'На баланс: {credits}. Без срока действия.',
  'invoice.credits_until': 'На баланс: {credits}. Срок действия: {valid}.',
  'invoice.promise': 'Сделаем для вас за {within} после оплаты.',
  'invoice.promise_or_refund': 'Сделаем для вас за {within} после оплаты или вернём звёзды.',
  'invoice.promo': 'С кодом {code}: {price} вместо {list}.',

  'invoice.pay': 'Оплатить {price}',

  'invoice.unavailable':
    '«{title}» сейчас нельзя купить. Звёзды не списаны; продавец уже знает и сможет это исправить.',
  'invoice.renews': 'Продлевается автоматически каждые {period}. Отменить можно в любой момент.',

  'invoice.access': 'Доступ без ограничения по времени.',
  'invoice.access_days': 'Доступ на {valid} после оплаты.',

  'checkout.unknown_order': 'Такого счёта у нас нет. Откройте магазин и оформите покупку ещё раз.',
  'checkout.other_buyer': 'Этот счёт выставлен другому человеку. Откройте магазин, чтобы получить свой.',
  'checkout.already_paid': 'Вы уже оплатили этот счёт. Отправьте /orders, чтобы увидеть покупку.',
  'checkout.cancelled': 'Этот заказ отменён. Откройте магазин и оформите покупку ещё раз.',
  'checkout.expired': 'Срок этого счёта истёк. Откройте магазин и оформите покупку ещё раз.',
  'checkout.being_paid': 'Оплата этого счёта уже идёт. Подождите несколько секунд и попробуйте снова.',
  'checkout.price_changed': 'Цена изменилась с тех пор, как был выставлен счёт. Новая цена – в магазине.',
  'checkout.shop_closed': 'Магазин временно закрыт. Звёзды не списаны.',
  'checkout.terms':
    'Сначала примите условия: откройте бота, отправьте /terms и нажмите «Принимаю». Потом оплатите снова.',
  'checkout.month_used_up':
    'В этом месяце магазин продал всё, что мог. Звёзды не списаны, загляните в следующем месяце.',
  'checkout.promo_ended': 'Промокод в этом счёте больше не действует. Откройте магазин и оформите покупку ещё раз.',
  'checkout.limit_reached': 'Вы уже купили столько, сколько может купить один человек.',
  'checkout.already_subscribed': 'У вас уже есть эта подписка. Отправьте /subscriptions, чтобы увидеть её.',
  'checkout.archived': 'Этот товар больше не продаётся.',
  'checkout.chat_unready': 'Доступ к этому чату сейчас не продаётся. Звёзды не списаны, попробуйте, пожалуйста, позже.',
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
  'payment.refund_delayed':
    'Telegram пока не даёт этому боту вернуть вам {stars} за «{title}». Попытки продолжатся, пока возврат не пройдёт, и продавец об этом знает. Делать ничего не нужно; если есть вопросы, отправьте /paysupport.',
  'payment.refund_delayed_unknown':
    'Telegram пока не даёт этому боту вернуть вам {stars}. Попытки продолжатся, пока возврат не пройдёт, и продавец об этом знает. Делать ничего не нужно; если есть вопросы, отправьте /paysupport.',

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
  'goods.credits_again':
    'Вы купили: {bought}. Сейчас на вашем балансе: {balance}. Отправьте /balance, чтобы увидеть его в любое время.',
  'goods.generating': '«{title}» готовится для вас. Как только всё будет готово, вы получите покупку здесь.',
  'goods.failed': 'Нам очень жаль: «{title}» не удалось сделать. Отправьте /paysupport, и продавец вам поможет.',
  'goods.undelivered':
    'Нам очень жаль: «{title}» не удалось вам доставить. Продавец об этом знает. Отправьте /orders и нажмите на покупку, чтобы получить её ещё раз, или напишите в /paysupport.',
  'goods.failed_refunding':
    'Нам очень жаль: «{title}» не удалось сделать вовремя. Звёзды возвращаются вам. Если есть вопросы, отправьте /paysupport.',
  'goods.again': 'Отправляем ещё раз.',
  'goods.later': 'Сейчас продавец ничего не может отправить. Вы получите это здесь, как только отправка возобновится.',
  'media.caption': '{title}\n\n{description}',
  'media.unavailable': '«{title}» сейчас нельзя показать. Звёзды не списаны; попробуйте, пожалуйста, позже.',
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

  'promo.how': 'Отправьте код после команды, например: /promo SPRING',
  'promo.unknown': 'Такого кода здесь нет. Проверьте, правильно ли он написан.',
  'promo.too_many': 'Слишком много неверных кодов. Попробуйте снова через час или отправьте /paysupport.',
  'promo.ended': 'Этот код больше не действует.',
  'promo.not_yet': 'Этот код ещё не действует. Попробуйте позже.',
  'promo.used_up': 'Этот код уже использован максимальное число раз.',
  'promo.used_by_buyer': 'Вы уже использовали этот код максимальное число раз.',
  'promo.percent': 'По коду {code} всё здесь дешевле на {percent}%. Новую цену вы увидите в счёте.',
  'promo.stars': 'По коду {code} всё здесь дешевле. Скидка: {stars}. Новую цену вы увидите в счёте.',
  'promo.except_subscriptions': 'На подписки код не действует.',
  'promo.percent_product': 'По коду {code} «{title}» дешевле на {percent}%. Новую цену вы увидите в счёте.',
  'promo.stars_product': 'По коду {code} «{title}» дешевле. Скидка: {stars}. Новую цену вы увидите в счёте.',

  'balance.heading': 'Ваш баланс:',
  'balance.empty': 'На балансе пока ничего нет. Отправьте /shop, чтобы увидеть, что здесь продаётся.',
  'balance.line': '{credits}',
  'balance.in_use': 'занято: {count}',
  'balance.until': '{count} до {until}',

  'use.how': 'Чтобы воспользоваться, отправьте {command} в этот чат.',
  'use.how_arguments':
    'Чтобы воспользоваться, отправьте {command} в этот чат и в том же сообщении напишите, о чём должен быть ответ.',
  'use.too_long': 'Слишком длинно. Напишите после команды не больше {max} символов.',
  'use.too_few': 'Цена: {price}. На балансе: {balance}.',
  'use.too_few_packs': 'Выберите пакет и отправьте команду ещё раз.',
  'use.too_few_stars': 'За этот раз можно заплатить и звёздами ({stars}): счёт придёт следом.',
  'use.too_few_none': 'Сейчас пакеты здесь не продаются. Загляните позже.',
  'receipt.credits': '«{title}». Списано: {spent}. Ваш баланс: {balance}.',
  'goods.failed_credits':
    'Нам очень жаль: «{title}» не удалось сделать. На ваш баланс возвращено: {credits}. Если есть вопросы, отправьте /paysupport.',
  'orders.line_credits': '{date} · {title} · {credits} · {state}\n{order}',
  'shop.product_credits': '{title} – с баланса',
  'card.text_credits': '{title}\n\n{description}\n\nЦена: {credits}',
  'card.text_either': '{title}\n\n{description}\n\nЦена: {credits} или {price}',
  'card.use': 'Использовать ({credits})',
  'command.paid': '{title}',

  'card.text_plan': '{title}\n\n{description}\n\nЦена: {price} каждые {period}',
  'subscription.offer': '{title}\n\n{description}',
  'subscription.subscribe': '{price} каждые {period}',
  'subscription.begins':
    'Ваша подписка «{title}» началась и оплачена до {until}. Отправьте /subscriptions, чтобы увидеть или отменить её.',
  'subscription.goes_on': 'Ваша подписка «{title}» продлена и оплачена до {until}.',
  'subscription.runs':
    'Ваша подписка «{title}» оплачена до {until}. Отправьте /subscriptions, чтобы увидеть или отменить её.',
  'subscription.ended': 'Ваша подписка «{title}» закончилась {until}. Отправьте /shop, чтобы увидеть, что продаётся.',
  'subscription.failed':
    'Не удалось продлить подписку «{title}». Проверьте, хватает ли звёзд, и продлите её в Telegram: «Настройки», «Мои звёзды». Доступ сохранится до {until}.',
  'subscription.ends_soon': 'Ваша подписка «{title}» заканчивается {until} и не продлится.',
  'subscription.farewell':
    'Подписка «{title}» больше не продлится: этот бот закрывается, новых списаний не будет. Доступ сохранится до {until}.',
  'subscription.come_back': 'Ваша подписка «{title}» закончилась. Хотите вернуться?',
  'subscription.again': '{title} – {price} каждые {period}',
  'subscription.heading': 'Ваши подписки:',
  'subscription.none': 'У вас здесь нет подписок. Отправьте /shop, чтобы увидеть, что продаётся.',
  'subscription.line': '{title} – {price} каждые {period}, оплачено до {until}',
  'subscription.line_canceled': '{title} – до {until}',
  'subscription.switch_on': 'Чтобы сохранить её, снова включите продление в Telegram: «Настройки», «Мои звёзды».',
  'subscription.cancel': 'Отменить «{title}»',
  'subscription.cancel_sure': 'Отменить «{title}»? Новых списаний не будет, доступ сохранится до {until}.',
  'subscription.cancel_yes': 'Да, отменить',
  'subscription.cancel_no': 'Нет, оставить',
  'subscription.kept': 'Хорошо, подписка «{title}» остаётся. Она оплачена до {until}.',
  'subscription.pay_now': 'Нажмите ту же кнопку ещё раз, чтобы перейти к оплате.',
  'subscription.canceled': 'Готово: «{title}» не продлится. Доступ сохранится до {until}.',
  'subscription.resume': 'Снова продлевать «{title}»',
  'subscription.resumed': 'Теперь вы можете снова включить продление «{title}» в Telegram: «Настройки», «Мои звёзды».',
  'subscription.later': 'Сейчас это невозможно. Попробуйте ещё раз через несколько минут.',

  'access.open':
    'Теперь вы можете войти в «{chat}». Нажмите кнопку: эта ссылка только для вас. Если она понадобится снова, отправьте /orders.',
  'access.open_until':
    'Теперь вы можете войти в «{chat}», доступ до {until}. Нажмите кнопку: эта ссылка только для вас. Если она понадобится снова, отправьте /orders.',
  'access.join': 'Войти',
  'access.inside': 'Вы уже в «{chat}»: доступ без ограничения по времени.',
  'access.inside_until': 'Вы уже в «{chat}»: доступ до {until}.',
  'access.ends_soon': 'Ваш доступ к «{chat}» оплачен до {until}.',
  'access.extend_how': 'Если продлить его сейчас, новые дни добавятся к оставшимся.',
  'access.extend': 'Продлить за {price}',
  'access.over': 'Ваш доступ к «{chat}» закончился. Вернуться можно в любое время.',
  'access.again': 'Вернуться',
  'access.too_many_chats':
    'Telegram не пускает вас в «{chat}»: вы состоите в наибольшем числе групп и каналов, которое он допускает. Покиньте одну из них, затем отправьте /orders и нажмите на эту покупку. Бот и сам попробует ещё раз.',
  'access.banned':
    'Вас нельзя пустить в «{chat}»: один из администраторов вас заблокировал. Продавец об этом знает; пожалуйста, отправьте /paysupport.',
  'access.for_buyers': 'Эта ссылка в «{chat}» – для другого человека. Нажмите кнопку, чтобы узнать, как получить свою.',

  'support.choose': 'О чём ваш вопрос? Выберите покупку и напишите, что случилось: продавец прочитает и ответит здесь.',
  'support.other': 'Другой вопрос',
  'support.topic': '{date} · {title}',
  'support.opened': 'Напишите своими словами, что случилось. Всё, что вы напишете здесь, увидит продавец.',
  'support.passed_on':
    'Спасибо, продавец получил ваше сообщение и ответит здесь. Его можно дополнить – словами, фото или файлом. Если оно было не для продавца, нажмите кнопку.',
  'support.reply': 'Ответить',
  'support.done': 'Вопрос решён',
  'support.go_on': 'Напишите ответ. Всё, что вы напишете здесь, увидит продавец.',
  'support.finished':
    'Хорошо. Теперь ваши сообщения не уходят продавцу. Снова задать вопрос – /paysupport, посмотреть, что продаётся, – /shop.',
  'support.too_many': 'Очень много сообщений за час. Подождите немного: продавец прочитает то, что вы уже написали.',
  'support.only_text': 'Продавцу приходят только текст, фото и файлы. Опишите, пожалуйста, словами.',
  'support.answer': 'Ответ продавца:\n\n{answer}',
  'support.answer_about': 'Ответ продавца о «{title}»:\n\n{answer}',

  'command.shop': 'Что продаётся',
  'command.orders': 'Мои покупки и чеки',
  'command.subscriptions': 'Мои подписки',
  'command.promo': 'Ввести промокод',
  'command.balance': 'Мой баланс',
  'command.paysupport': 'Помощь с оплатой',
  'command.terms': 'Условия продажи',
  'command.privacy': 'Что обо мне хранится',
  'command.help': 'Как работает этот бот',
  'command.start': 'Начать',
  'profile.description':
    'Добро пожаловать в {shop}! Выбирайте и платите звёздами Telegram.\n\nНажмите «Начать», чтобы увидеть, что продаётся.',
  'profile.about': '{shop}: выбирайте и платите звёздами Telegram.',
};

// A duration stands in the accusative: за 1 минуту, за 2 минуты, за 5 минут.
const HABITS: Habits = {
  locale: 'ru-RU',
  stars: { one: 'звезда', few: 'звезды', other: 'звёзд' },
  units: {
    day: { one: 'день', few: 'дня', other: 'дней' },
    hour: { one: 'час', few: 'часа', other: 'часов' },
    minute: { one: 'минуту', few: 'минуты', other: 'минут' },
    second: { one: 'секунду', few: 'секунды', other: 'секунд' },
  },
};

export const RUSSIAN: Speech = { habits: HABITS, words: WORDS };
