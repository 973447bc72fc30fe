import type { Schema } from '#libs/client';
import { both } from '../../texts/both';

type Limits = Schema<'Plan'>['limits'];

const shown = (value: number | null, language: string) => (value === null ? '∞' : value.toLocaleString(language));

export const PLANS_TEXTS = both(
  {
    title: 'Plans',
    plansText: 'The limits of each plan. A workspace’s plan and its exceptions are changed on the workspace’s page.',
    planIs: (name: string) => `Plan: ${name}`,
    change: 'Change',
    changeTitle: 'Change the plan?',
    changeText: 'Anything beyond the new limits stays and keeps working, but nothing can be added.',
    changed: 'The plan was changed.',
    limit: 'Limit',
    limitTitle: 'Make an exception?',
    limitText: 'Overrides one limit of the plan for this workspace.',
    setLimit: 'Exception',
    limitSet: 'The limit was changed.',
    value: 'Value',
    asPlanned: 'Plan default',
    whole: 'A whole number, or leave empty.',
    noLimit: 'no limit',
    of: (allowed: string) => `of ${allowed}`,
    exception: (reason: string) => `Exception: ${reason}`,
    inShort: ({ bots, products, orders_per_month: orders }: Limits) =>
      `${shown(orders, 'en')} orders per month, ${shown(bots, 'en')} bots, ${shown(products, 'en')} products`,
    limits: {
      bots: 'Bots',
      products: 'Products',
      orders_per_month: 'Orders per month',
      endpoints: 'Endpoints',
      api_requests_per_minute: 'Requests per minute',
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
