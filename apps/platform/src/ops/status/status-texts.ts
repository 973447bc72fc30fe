import type { Part, Status } from './service-status.js';

export interface StatusTexts {
  readonly title: string;
  readonly headings: Readonly<Record<Status, string>>;
  readonly explanations: Readonly<Record<Status, string>>;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly names: Readonly<Record<Part, string>>;
  /** Durations of half and of nearly all responses, and the percentage that failed. */
  readonly answers: (p50: string, p95: string, failed: string) => string;
  readonly quiet: string;
  readonly untaken: string;
  readonly waits: (delay: string) => string;
  readonly nothingWaits: string;
  readonly notKnown: string;
  readonly seconds: (n: string) => string;
  readonly milliseconds: (n: string) => string;
  readonly minutes: (n: string) => string;
  readonly checkedAt: (time: string) => string;
  readonly other: string;
  readonly dashboard: string;
}

export const STATUS_TEXTS: Readonly<Record<'en' | 'ru', StatusTexts>> = {
  en: {
    title: 'Status',
    headings: {
      ok: 'Everything works',
      slow: 'Something is slow',
      down: 'Something is not working',
      unknown: 'The status is unknown',
    },
    explanations: {
      ok: 'Payments, goods and webhooks arrive on time.',
      slow: 'Sales continue. Delayed work completes automatically; you do not have to repeat anything.',
      down: 'No payment is lost: unfinished work is completed as soon as everything works again.',
      unknown: 'Check again in a minute.',
    },
    statuses: { ok: 'works', slow: 'slow', down: 'not working', unknown: 'not known' },
    names: {
      telegram: 'Telegram',
      checkouts: 'Paying',
      api: 'API and dashboard',
      updates: 'Messages from buyers',
      deliveries: 'Goods and refunds',
      webhooks: 'Webhooks',
    },
    answers: (p50, p95, failed) => `Half of the responses take up to ${p50}, nearly all up to ${p95}. ${failed} fail.`,
    quiet: 'No calls in the last minutes.',
    untaken:
      'Messages and payments are not being accepted. Telegram keeps messages for a day and refuses payments meanwhile.',
    waits: (delay) => `The oldest has waited for ${delay}.`,
    nothingWaits: 'Nothing waits.',
    notKnown: 'The database of the platform does not respond.',
    seconds: (n) => `${n} s`,
    milliseconds: (n) => `${n} ms`,
    minutes: (n) => `${n} min`,
    checkedAt: (time) => `The last five minutes, as of ${time} UTC. Reload the page to check again.`,
    other: 'Русский',
    dashboard: 'Dashboard',
  },
  ru: {
    title: 'Состояние',
    headings: {
      ok: 'Всё работает',
      slow: 'Что-то работает медленно',
      down: 'Что-то не работает',
      unknown: 'Состояние неизвестно',
    },
    explanations: {
      ok: 'Платежи, товары и вебхуки приходят вовремя.',
      slow: 'Продажи идут. Что задержалось, придёт само: ничего повторять не нужно.',
      down: 'Ни один платёж не потеряется: всё, что не удалось, будет сделано, как только снова заработает.',
      unknown: 'Загляните через минуту.',
    },
    statuses: { ok: 'работает', slow: 'медленно', down: 'не работает', unknown: 'неизвестно' },
    names: {
      telegram: 'Telegram',
      checkouts: 'Оплата',
      api: 'API и панель',
      updates: 'Сообщения покупателей',
      deliveries: 'Товары и возвраты',
      webhooks: 'Вебхуки',
    },
    answers: (p50, p95, failed) => `Половина ответов — до ${p50}, почти все — до ${p95}. Ошибок: ${failed}.`,
    quiet: 'За последние минуты запросов не было.',
    untaken: 'Сообщения и платежи сейчас не принимаются. Сообщения Telegram хранит сутки, а платежи пока отклоняет.',
    waits: (delay) => `Самое старое ждёт ${delay}.`,
    nothingWaits: 'Ничего не ждёт.',
    notKnown: 'База данных платформы не отвечает.',
    seconds: (n) => `${n} с`,
    milliseconds: (n) => `${n} мс`,
    minutes: (n) => `${n} мин`,
    checkedAt: (time) => `Последние пять минут, на ${time} UTC. Обновите страницу, чтобы посмотреть снова.`,
    other: 'English',
    dashboard: 'Панель',
  },
};
