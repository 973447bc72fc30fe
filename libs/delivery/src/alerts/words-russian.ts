import type { JobKind, JOBS } from '#libs/journal';
import { stars } from '#libs/kernel';
import { written } from '#libs/texts';
import type { AlertWords } from './alert-words.js';

const FILES: Readonly<Record<string, string>> = {
  photo: 'фото',
  video: 'видео',
  animation: 'анимация',
  video_note: 'видеосообщение',
  voice: 'голосовое сообщение',
  audio: 'аудио',
  document: 'файл',
  sticker: 'стикер',
};

type Told = { [Kind in JobKind]: (typeof JOBS)[Kind]['parked'] extends string ? Kind : never }[JobKind];

/** The work that was given up, for the kinds of jobs that are reported. */
const GIVEN_UP: Readonly<Record<Told, string>> = {
  'order.fulfil': 'запрос товара у вашего сервера',
  'fulfilment.deadline': 'завершение ожидания товара',
  'fulfilment.notify': 'сообщение покупателю о заказе',
  'refund.notify': 'сообщение покупателю о возврате',
  'subscription.watch': 'ведение подписки',
  'subscription.edit': 'изменение подписки в Telegram',
  'subscription.stop': 'отмена подписки, оплаченной дважды; с покупателя могут списать снова',
  'credits.lapse': 'учёт просроченных кредитов',
  'bot.menu': 'обновление меню и описания бота в Telegram',
  'bot.remove': 'завершение обязательств бота перед удалением',
  'bot.import': 'добавление ботов из файла',
  'mail.send': 'отправка письма',
};

export const RUSSIAN_ALERTS: AlertWords = {
  stars: (n) => written('ru', 'stars', stars(n)),
  theStars: 'звёзды',
  something: 'что-то',
  unknown: 'неизвестна',
  reason: (said) => `Причина: ${said}`,
  bot: (name) => `Бот: ${name}`,
  about: (title) => `О чём: ${title}`,
  buyer: (name) => `Покупатель: ${name}`,
  showOrder: 'Показать заказ',

  sold: (title, price) => `💰 Продано: ${title}, ${price}.`,
  notDelivered: (title) => `⚠️ Заказ ${title} оплачен, но не доставлен. Покупателю нужна помощь.`,
  notSold: (title) => `⚠️ ${title} не удаётся купить.`,

  asked: '✉️ Покупатель ждёт вашего ответа.',
  sentFile: (kind, path) => `(Прислали: ${FILES[kind] ?? 'файл'}. Скачать: GET ${path}.)`,
  howToAnswer: 'Чтобы ответить, ответьте на это сообщение.',

  limits: {
    bots: 'боты',
    products: 'товары',
    orders_per_month: 'заказы в месяц',
    endpoints: 'адреса для событий',
    api_requests_per_minute: 'запросы к API в минуту',
    storage_bytes: 'место для файлов, байты',
    members: 'участники',
    api_keys: 'ключи API',
  },
  planUsed: (limit, used, allowed) => `⚠️ Ваш тариф Starwall: ${limit}, занято ${used} из ${allowed}.`,
  planExhausted: 'Предел достигнут: новое не принимается. Оплаченные заказы и начатые платежи доставляются как обычно.',
  planNearly: 'Когда он кончится, новое приниматься не будет.',
  planHelp: 'Все пределы: GET /v1/usage. Поддержка может дать тариф побольше.',

  notRemoved: (failures) =>
    `⚠️ Бот ещё не удалён: не удалось завершить обязательства (${failures}), и с покупателей могут продолжать списывать.`,
  obligations: (path) => `Список с причинами и советами: GET ${path}.`,

  chatPublic: (title) => `⚠️ Чат ${title} теперь открыт для всех.`,
  untilPrivate: 'До тех пор доступ в него не продаётся.',
  chatLost: (title) => `⚠️ Бот больше не может управлять чатом ${title}.`,
  untilManaged: 'До тех пор доступ не продаётся, никого не впускают и не удаляют тех, чей доступ закончился.',

  answerLost: '⚠️ Ваш ответ не дошёл до покупателя.',
  answerWaits: 'Покупатель заблокировал бота или ушёл. Ответ отправится, когда он вернётся.',
  answerAgain: 'Само это не повторится. Напишите ещё раз: POST /v1/support-threads/{id}/messages.',
  gaveUp: (kind) => `⚠️ Попытки закончились: ${GIVEN_UP[kind as Told] ?? kind}.`,
  staffSee: 'Сотрудники платформы это видят и могут повторить.',
  goodsRefused: '⚠️ Ваш сервер не отдаёт купленный товар.',
  goodsAskedAgain:
    'Его спрашивают снова до срока заказа. Покупатель знает, что придётся подождать. Когда сервер исправлен, ' +
    'POST /v1/orders/{id}/deliver с режимом "send_again" спросит его сразу. О других заказах этого товара ' +
    'уведомлений не будет, пока сервер снова не отдаст товар.',
  goodsAgain: '✅ Ваш сервер снова отдаёт товар.',
  notLetOut: '⚠️ Не удалось удалить из чата того, чей доступ закончился.',
  notLetIn: '⚠️ Не удалось впустить в чат покупателя, который заплатил.',
  accessAgain:
    'Если покупатель может что-то сделать сам, ему об этом сказали. Попытки продолжаются, в том числе когда он открывает покупку в /orders.',
  refundDelayed: (amount) => `⚠️ Telegram пока не возвращает покупателю ${amount}.`,
  refundPromised:
    'Покупателю это обещано, поэтому попытки идут до успеха: через минуту, когда приходят звёзды, и не реже чем раз в шесть ' +
    'часов. Если на балансе бота мало звёзд, их нужно пополнить. Запросите тот же возврат ещё раз, чтобы повторить сразу.',
  refundAgain: 'Попытки продолжаются. Запрашивать возврат снова не нужно.',
  refundRefused: (amount) => `⚠️ Telegram отказался вернуть покупателю ${amount}.`,
  refundHelp:
    'Покупка остаётся у покупателя. Бот может вернуть только те звёзды, что у него есть: проверьте баланс и запросите возврат снова.',

  endpointFailing: (host) => `⚠️ Ваш адрес для событий ${host} не принимает события.`,
  endpointTries: (path) =>
    'Каждое событие отправляется десять раз в течение трёх дней, а после пяти дней неудач адрес отключается. ' +
    `Его ответы: GET ${path}/deliveries.`,
  endpointWell: (host) => `✅ Ваш адрес для событий ${host} снова принимает события.`,
  endpointResend: (path) => `POST ${path}/resend отправит то, что за это время пропало.`,
  endpointOff: (host) => `⚠️ Starwall больше не обращается к вашему адресу ${host}.`,
  endpointEnable: (path) =>
    `Когда он заработает, включите его (PATCH ${path}, state "enabled") и запросите пропущенное (POST ${path}/resend).`,

  deaf: (bot) => `⚠️ Ваш бот ${bot}, возможно, не получает сообщения покупателей.`,
  webhook: {
    elsewhere: 'Обновления уходят на другой адрес. Остановите ту программу и добавьте бота снова с `take_over: true`.',
    missing: 'Webhook не установлен. POST /v1/bots/{id}/rotate-token с нынешним токеном установит его снова.',
    deaf: 'Telegram присылает не все нужные обновления. POST /v1/bots/{id}/rotate-token с нынешним токеном это исправит.',
    failing: 'Telegram не может доставить обновления сюда. Сотрудники платформы это тоже видят.',
    lagging: 'В Telegram ждёт много обновлений. Сотрудники платформы это тоже видят.',
  },
  address: (host) => `Адрес: ${host}`,
  hears: (bot) => `✅ Ваш бот ${bot} снова получает сообщения покупателей.`,

  strayRefund: '⚠️ Telegram сообщил о возврате, который не удалось учесть.',
  strayPayment: '⚠️ Telegram сообщил о платеже, который не удалось учесть.',
  reported: (amount) => `Сообщено: ${amount}`,
  strayList: 'Все такие: GET /v1/stray-payments.',
};
