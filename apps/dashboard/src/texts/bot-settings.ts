import { both } from './both';
import { enCount, ruCount } from './plural';

export const BOT_SETTINGS_TEXTS = both(
  {
    answers: 'Texts for buyers',
    answersText: 'Telegram requires a reply to /paysupport and /terms. Leave a field empty for the standard text.',
    support: 'Reply to /paysupport',
    terms: 'Reply to /terms',
    standard: 'Standard text',
    version: 'Version of the terms',
    versionHint: 'Buyers agree to it once before they buy. A new version asks everyone again.',
    noVersion: 'No agreement needed',
    save: 'Save changes',
    tokenAndEnd: 'Token and removal',
    rotate: 'New token',
    rotateText: 'Paste the new token of this bot from @BotFather. No update is lost.',
    rotated: 'The bot uses the new token.',
    token: 'Token',
    fillIn: 'Required.',
    remove: 'Remove the bot',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText:
      'It stops selling at once. Subscriptions stop renewing, unpaid orders are cancelled, and paid goods are still delivered. Orders are kept, and adding the bot again brings it back.',
    keep: 'Keep the bot',
    removing: 'The bot is being removed',
    removingText: 'It no longer sells anything, and disappears once its obligations have ended.',
    obligations: 'Obligations',
    obligationsText: 'These have to end before the bot can be removed.',
    advice: {
      renewal:
        'Telegram continues to charge this buyer. Give the bot a working token, compare with Telegram on the page Money if its first payment is missing, or refund the last payment.',
      second_renewal:
        'Telegram continues to charge for a second subscription to the same product. Ask the buyer to cancel it in Telegram.',
      farewell: 'Tell the buyer how long their access lasts.',
      order: 'Deliver it yourself on the page of the order, or refund it.',
      refund: 'Read why it failed, fix the cause, and refund again.',
      payment: 'Wait ten minutes: the buyer may be paying at this moment.',
      update: 'Wait until the updates from Telegram are handled. If that takes long, ask support.',
      answer: 'Wait until your reply is sent, or close the question.',
      refund_notice: 'Wait until the buyer has been told about the refund.',
      spending: 'Check in Telegram whether it was done. It is never retried automatically.',
      invite_link: 'Restore the bot’s rights in the chat, or revoke the link in Telegram.',
      paid_link: 'Restore the bot’s rights in the channel, or revoke the link in Telegram.',
    },
    owed: {
      renewal: (count: number) => enCount(count, 'renewing subscription'),
      second_renewal: (count: number) => enCount(count, 'second renewal'),
      farewell: (count: number) => enCount(count, 'farewell message'),
      order: (count: number) => enCount(count, 'order to deliver', 'orders to deliver'),
      refund: (count: number) => enCount(count, 'pending refund'),
      payment: (count: number) => enCount(count, 'payment in progress', 'payments in progress'),
      update: (count: number) => enCount(count, 'update to handle', 'updates to handle'),
      answer: (count: number) => enCount(count, 'answer to send', 'answers to send'),
      refund_notice: (count: number) => enCount(count, 'notice of a refund', 'notices of refunds'),
      spending: (count: number) => enCount(count, 'gift or transfer', 'gifts or transfers'),
      invite_link: (count: number) => enCount(count, 'link to a chat', 'links to chats'),
      paid_link: (count: number) => enCount(count, 'paid link'),
    },
  },
  {
    answers: 'Тексты для покупателей',
    answersText: 'Telegram требует ответа на /paysupport и /terms. Пустое поле означает стандартный текст.',
    support: 'Ответ на /paysupport',
    terms: 'Ответ на /terms',
    standard: 'Стандартный текст',
    version: 'Версия условий',
    versionHint: 'Покупатель соглашается с ней один раз перед покупкой. Новая версия спрашивает всех снова.',
    noVersion: 'Согласие не нужно',
    save: 'Сохранить',
    tokenAndEnd: 'Токен и удаление',
    rotate: 'Новый токен',
    rotateText: 'Вставьте новый токен этого бота от @BotFather. Ни одно обновление не потеряется.',
    rotated: 'Бот работает с новым токеном.',
    token: 'Токен',
    fillIn: 'Заполните это поле.',
    remove: 'Удалить бота',
    removeTitle: (name: string) => `Удалить ${name}?`,
    removeText:
      'Продажи прекратятся сразу. Подписки перестанут продлеваться, неоплаченные заказы отменятся, оплаченное будет доставлено. Заказы сохранятся, бота можно добавить снова.',
    keep: 'Оставить бота',
    removing: 'Бот удаляется',
    removingText: 'Он ничего не продаёт и исчезнет, когда выполнит обязательства.',
    obligations: 'Обязательства',
    obligationsText: 'Они должны закончиться, прежде чем бота можно удалить.',
    advice: {
      renewal:
        'Telegram продолжает списывать звёзды с этого покупателя. Укажите рабочий токен, запустите сверку на странице денег, если нет первого платежа, или верните последний платёж.',
      second_renewal:
        'Telegram продолжает списывать за вторую подписку на тот же товар. Попросите покупателя отменить её в Telegram.',
      farewell: 'Сообщите покупателю, до какого дня у него доступ.',
      order: 'Выдайте товар сами на странице заказа или верните звёзды.',
      refund: 'Прочтите, почему возврат не удался, устраните причину и повторите его.',
      payment: 'Подождите десять минут: возможно, покупатель как раз платит.',
      update: 'Дождитесь, пока обработаются обновления от Telegram. Если долго, напишите в поддержку.',
      answer: 'Дождитесь, пока ответ отправится, или закройте вопрос.',
      refund_notice: 'Дождитесь, пока покупатель узнает о возврате.',
      spending: 'Проверьте в Telegram, сделано ли это. Само это не повторится.',
      invite_link: 'Верните боту права в чате или отзовите ссылку в Telegram.',
      paid_link: 'Верните боту права в канале или отзовите ссылку в Telegram.',
    },
    owed: {
      renewal: (count: number) =>
        ruCount(count, { one: 'продлеваемая подписка', few: 'продлеваемые подписки', many: 'продлеваемых подписок' }),
      second_renewal: (count: number) =>
        ruCount(count, { one: 'второе продление', few: 'вторых продления', many: 'вторых продлений' }),
      farewell: (count: number) =>
        ruCount(count, { one: 'прощальное сообщение', few: 'прощальных сообщения', many: 'прощальных сообщений' }),
      order: (count: number) =>
        ruCount(count, { one: 'недоставленный заказ', few: 'недоставленных заказа', many: 'недоставленных заказов' }),
      refund: (count: number) =>
        ruCount(count, { one: 'начатый возврат', few: 'начатых возврата', many: 'начатых возвратов' }),
      payment: (count: number) =>
        ruCount(count, { one: 'начатый платёж', few: 'начатых платежа', many: 'начатых платежей' }),
      update: (count: number) => ruCount(count, { one: 'обновление', few: 'обновления', many: 'обновлений' }),
      answer: (count: number) => ruCount(count, { one: 'ответ', few: 'ответа', many: 'ответов' }),
      refund_notice: (count: number) =>
        ruCount(count, { one: 'сообщение о возврате', few: 'сообщения о возврате', many: 'сообщений о возврате' }),
      spending: (count: number) =>
        ruCount(count, { one: 'подарок или перевод', few: 'подарка или перевода', many: 'подарков или переводов' }),
      invite_link: (count: number) =>
        ruCount(count, { one: 'ссылка в чат', few: 'ссылки в чаты', many: 'ссылок в чаты' }),
      paid_link: (count: number) =>
        ruCount(count, { one: 'платная ссылка', few: 'платные ссылки', many: 'платных ссылок' }),
    },
  },
);
