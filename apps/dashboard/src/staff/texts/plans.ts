import type { Schema } from '#libs/client';
import { both } from '../../texts/both';

type Limits = Schema<'Plan'>['limits'];

const shown = (value: number | null, language: string) => (value === null ? '∞' : value.toLocaleString(language));

export const PLANS_TEXTS = both(
  {
    title: 'Plans',
    plansText: 'What each plan allows. A workspace’s plan and its exceptions are changed on its own page.',
    planIs: (name: string) => `Plan: ${name}`,
    change: 'Change',
    changeTitle: 'Change the plan?',
    changeText: 'Things beyond the new limits stay and work; nothing can be added to them.',
    changed: 'The plan was changed.',
    limit: 'Limit',
    limitTitle: 'Make an exception?',
    limitText: 'One limit for this workspace instead of the plan’s.',
    setLimit: 'Exception',
    limitSet: 'The limit was changed.',
    value: 'Value',
    asPlanned: 'As the plan says',
    whole: 'A whole number, or nothing.',
    noLimit: 'no limit',
    of: (allowed: string) => `of ${allowed}`,
    exception: (reason: string) => `Exception: ${reason}`,
    inShort: ({ bots, products, orders_per_month: orders }: Limits) =>
      `${shown(orders, 'en')} orders a month, ${shown(bots, 'en')} bots, ${shown(products, 'en')} products`,
    limits: {
      bots: 'Bots',
      products: 'Products',
      orders_per_month: 'Orders a month',
      endpoints: 'Endpoints',
      api_requests_per_minute: 'Requests a minute',
      storage_bytes: 'Storage',
      members: 'Members',
      api_keys: 'API keys',
    },
  },
  {
    title: 'Тарифы',
    plansText: 'Что разрешает каждый тариф. Тариф пространства и исключения меняются на его странице.',
    planIs: (name: string) => `Тариф: ${name}`,
    change: 'Сменить',
    changeTitle: 'Сменить тариф?',
    changeText: 'Всё сверх новых лимитов остаётся и работает; добавить к этому ничего нельзя.',
    changed: 'Тариф изменён.',
    limit: 'Лимит',
    limitTitle: 'Сделать исключение?',
    limitText: 'Один лимит для этого пространства вместо тарифного.',
    setLimit: 'Исключение',
    limitSet: 'Лимит изменён.',
    value: 'Значение',
    asPlanned: 'Как в тарифе',
    whole: 'Целое число или пусто.',
    noLimit: 'без лимита',
    of: (allowed: string) => `из ${allowed}`,
    exception: (reason: string) => `Исключение: ${reason}`,
    inShort: ({ bots, products, orders_per_month: orders }: Limits) =>
      `Заказов в месяц: ${shown(orders, 'ru')}, ботов: ${shown(bots, 'ru')}, товаров: ${shown(products, 'ru')}`,
    limits: {
      bots: 'Боты',
      products: 'Товары',
      orders_per_month: 'Заказы за месяц',
      endpoints: 'Адреса',
      api_requests_per_minute: 'Запросы в минуту',
      storage_bytes: 'Хранилище',
      members: 'Участники',
      api_keys: 'Ключи API',
    },
  },
);
