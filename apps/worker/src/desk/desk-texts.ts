import type { AlertSwitch } from '#libs/delivery';
import { stars as toStars } from '#libs/kernel';
import type { Role } from '#libs/tenants';
import { type DeskCommand, type Language, written } from '#libs/texts';

/** One sale in a sentence. */
export interface SaleWords {
  readonly title: string;
  readonly stars: number;
  readonly buyer: string;
}

/** The texts for members of the workspace. Creators cannot reword them, because no buyer sees them. */
export interface DeskTexts {
  readonly linked: (role: Role) => string;
  /** Descriptions in the bot's menu. */
  readonly commands: Readonly<Record<DeskCommand, string>>;
  readonly answering: string;
  readonly today: (day: Date) => string;
  readonly noSales: string;
  /** A number of sales with their income. */
  readonly figures: (count: number, stars: number) => string;
  readonly refunded: (count: number, stars: number) => string;
  readonly others: string;
  readonly latest: string;
  readonly noOrders: string;
  readonly choose: string;
  readonly order: (sale: SaleWords & { readonly paid: Date; readonly state: string; readonly id: string }) => string;
  readonly sale: (sale: SaleWords) => string;
  readonly states: Readonly<Record<'delivered' | 'waiting' | 'failed' | 'returned', string>>;
  readonly refundIt: string;
  readonly sure: (sale: SaleWords) => string;
  readonly stopsRenewal: string;
  readonly yes: (stars: number) => string;
  readonly no: string;
  readonly kept: string;
  readonly requested: (sale: SaleWords) => string;
  readonly notAllowed: (role: Role) => string;
  readonly unknownOrder: string;
  readonly refusals: Readonly<Record<string, string>>;
  readonly alertsHere: string;
  readonly alertsElsewhere: string;
  readonly alertsOff: string;
  readonly switches: Readonly<Record<AlertSwitch, string>>;
  readonly sendHere: string;
  readonly stop: string;
  readonly answerSent: string;
  /** The limits of a text, and of a caption. */
  readonly notSendable: (text: number, caption: number) => string;
}

const inStars = (language: Language, n: number) => written(language, 'stars', toStars(n));
const asPrice = (language: Language, n: number) => written(language, 'price', toStars(n));

const english: DeskTexts = {
  linked: (role) =>
    `✅ Your account is linked. This bot now knows you as a member of the workspace, with the role ${role}.`,
  commands: { sales: "Today's sales", refund: 'Refund an order', alerts: 'Alerts in this chat' },
  answering: "Reply to an alert about a buyer's question to answer the buyer.",
  today: (day) => `Today, ${written('en', 'date', day)} (UTC)`,
  noSales: 'No sales yet.',
  figures: (count, stars) =>
    `${written('en', 'number', count)} ${count === 1 ? 'sale' : 'sales'}, ${inStars('en', stars)}`,
  refunded: (count, stars) => `Refunded: ${written('en', 'number', count)}, ${inStars('en', stars)}`,
  others: 'Other',
  latest: 'Latest sales',
  noOrders: 'There are no sales to refund.',
  choose: 'Which sale?',
  order: ({ title, stars, buyer, paid, state, id }) =>
    `“${title}” for ${inStars('en', stars)}\nBuyer: ${buyer}\nPaid: ${written('en', 'time', paid)}\n${state}\n\n${id}`,
  sale: ({ title, stars, buyer }) => `${title} · ${asPrice('en', stars)} · ${buyer}`,
  states: {
    delivered: 'Delivered.',
    waiting: 'Not delivered yet.',
    failed: 'It could not be delivered.',
    returned: 'Refunded, or being refunded.',
  },
  refundIt: 'Refund',
  sure: ({ title, stars, buyer }) =>
    `Refund ${inStars('en', stars)} for “${title}” to ${buyer}?\n\nAlways the full amount. The buyer loses the purchase ` +
    "at once. The Stars come out of the bot's balance. This cannot be undone.",
  stopsRenewal: 'The subscription will not renew.',
  yes: (stars) => `Yes, refund ${asPrice('en', stars)}`,
  no: 'No',
  kept: 'Nothing was refunded.',
  requested: ({ title, stars }) =>
    `The refund of ${inStars('en', stars)} for “${title}” is on its way. If Telegram refuses it, you get an alert.`,
  notAllowed: (role) => `Your role in the workspace (${role}) does not allow that. Ask an owner or admin.`,
  unknownOrder: 'There is no such order. Send /refund to choose one.',
  refusals: {
    already_refunded: 'This purchase has already been refunded: the buyer has the Stars back.',
    paid_with_credits: 'This purchase was paid with credits, so there are no Stars to refund.',
    nothing_to_refund: 'This order was not paid, so there is nothing to refund.',
    buyer_erased: "The buyer's identity has been deleted, so no refund is possible.",
    charge_not_listed_yet: "The payment is not on Telegram's list yet. Try again in a minute.",
  },
  alertsHere: 'Alerts are sent to this chat. Warnings are always sent; choose what else you want to know.',
  alertsElsewhere: 'Alerts are sent to another chat.',
  alertsOff: 'Alerts are off.',
  switches: { sales: 'Sales', failures: 'Failures', support: "Buyers' questions" },
  sendHere: 'Send alerts here',
  stop: 'Stop alerts',
  answerSent: 'Your reply is on its way to the buyer.',
  notSendable: (text, caption) =>
    `Send text of at most ${text} characters, or a picture, file or recording with at most ${caption}.`,
};

const ROLES: Readonly<Record<Role, string>> = {
  owner: 'владелец',
  admin: 'администратор',
  support: 'поддержка',
  viewer: 'наблюдатель',
};

const russian: DeskTexts = {
  linked: (role) =>
    `✅ Ваш аккаунт привязан. Теперь этот бот знает вас как участника магазина, ваша роль: ${ROLES[role]}.`,
  commands: { sales: 'Продажи за сегодня', refund: 'Вернуть звёзды за покупку', alerts: 'Уведомления в этом чате' },
  answering: 'Чтобы ответить покупателю, ответьте на уведомление о его вопросе.',
  today: (day) => `Сегодня, ${written('ru', 'date', day)} (UTC)`,
  noSales: 'Продаж пока нет.',
  figures: (count, stars) => `Продаж: ${written('ru', 'number', count)}, ${inStars('ru', stars)}`,
  refunded: (count, stars) => `Возвратов: ${written('ru', 'number', count)}, ${inStars('ru', stars)}`,
  others: 'Другое',
  latest: 'Последние продажи',
  noOrders: 'Нет продаж, за которые можно вернуть звёзды.',
  choose: 'Какая продажа?',
  order: ({ title, stars, buyer, paid, state, id }) =>
    `«${title}», ${inStars('ru', stars)}\nПокупатель: ${buyer}\nОплачено: ${written('ru', 'time', paid)}\n${state}\n\n${id}`,
  sale: ({ title, stars, buyer }) => `${title} · ${asPrice('ru', stars)} · ${buyer}`,
  states: {
    delivered: 'Выдано.',
    waiting: 'Ещё не выдано.',
    failed: 'Выдать не удалось.',
    returned: 'Звёзды возвращены или возвращаются.',
  },
  refundIt: 'Вернуть звёзды',
  sure: ({ title, stars, buyer }) =>
    `Вернуть ${inStars('ru', stars)} за «${title}»? Покупатель: ${buyer}.\n\nВозвращается вся сумма. Покупатель сразу ` +
    'теряет покупку. Звёзды списываются с баланса бота. Отменить это нельзя.',
  stopsRenewal: 'Подписка больше не продлевается.',
  yes: (stars) => `Да, вернуть ${asPrice('ru', stars)}`,
  no: 'Нет',
  kept: 'Ничего не возвращено.',
  requested: ({ title, stars }) =>
    `Возврат за «${title}» начат: ${inStars('ru', stars)}. Если Telegram откажет, придёт уведомление.`,
  notAllowed: (role) => `Ваша роль (${ROLES[role]}) этого не позволяет. Обратитесь к владельцу или администратору.`,
  unknownOrder: 'Такого заказа нет. Отправьте /refund, чтобы выбрать.',
  refusals: {
    already_refunded: 'За эту покупку звёзды уже вернулись к покупателю.',
    paid_with_credits: 'Эта покупка оплачена с баланса, поэтому возвращать звёзды не за что.',
    nothing_to_refund: 'Этот заказ не оплачен, возвращать нечего.',
    buyer_erased: 'Данные покупателя удалены, поэтому вернуть звёзды нельзя.',
    charge_not_listed_yet: 'Этого платежа ещё нет в списке Telegram. Попробуйте через минуту.',
  },
  alertsHere: 'Уведомления приходят в этот чат. Предупреждения приходят всегда; выберите, о чём ещё сообщать.',
  alertsElsewhere: 'Уведомления приходят в другой чат.',
  alertsOff: 'Уведомления выключены.',
  switches: { sales: 'Продажи', failures: 'Сбои', support: 'Вопросы покупателей' },
  sendHere: 'Присылать уведомления сюда',
  stop: 'Выключить уведомления',
  answerSent: 'Ваш ответ отправляется покупателю.',
  notSendable: (text, caption) =>
    `Можно отправить текст до ${text} символов либо картинку, файл или запись с подписью до ${caption}.`,
};

export const DESK_TEXTS: Readonly<Record<Language, DeskTexts>> = { en: english, ru: russian };
