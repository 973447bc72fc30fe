import type { Schema } from '#libs/client';
import { both } from '../../texts/both';
import { RUSSIAN_NEXT } from './next-steps';

type Kind = Schema<'Trouble'>['kind'];

export const OPERATIONS_TEXTS = both(
  {
    title: 'Operations',
    kind: 'Kinds of stuck work',
    allKinds: 'All kinds',
    workspace: 'Workspace',
    allWorkspaces: 'Show all workspaces',
    bot: 'Bot',
    wellTitle: 'Nothing is stuck',
    wellText: 'Work that stops, fails or waits too long appears here, with its next step.',
    noneOfKind: 'None of this kind.',
    more: 'There are more. Start with the oldest: fixed items leave the list.',
    since: (at: string) => `The oldest since ${at}`,
    asked: 'Requested. The list shows the result.',
    kinds: {
      parked_updates: 'Parked updates',
      parked_jobs: 'Parked jobs',
      overdue_jobs: 'Overdue jobs',
      stuck_orders: 'Paid, not delivered',
      stuck_refunds: 'Unfinished refunds',
      held_charges: 'Payments without an order',
      failing_endpoints: 'Failing endpoints',
      sick_webhooks: 'Failing bot webhooks',
      differences: 'Differences with Telegram',
      failing_comparisons: 'Failing reconciliations',
      chats_without_rights: 'Chats without rights',
      stopped_bots: 'Bots stopped by staff',
      stuck_removals: 'Stuck removals of bots',
      failed_accesses: 'Failed chat accesses',
    },
    next: (_kind: Kind, said: string) => said,
    steps: {
      staff_repairs_replay_update: {
        act: 'Replay',
        title: 'Replay this update?',
        effect: 'It is handled again from the beginning. Effects of the earlier run are not repeated.',
      },
      staff_repairs_resolve_update: {
        act: 'Resolve',
        title: 'Close this update without handling it?',
        effect: 'Nothing is done for it. Only do this if nothing is owed. It can still be replayed.',
      },
      staff_repairs_retry_job: {
        act: 'Retry',
        title: 'Retry this job now?',
        effect: 'It runs now, with all its attempts.',
      },
      staff_repairs_resolve_job: {
        act: 'Resolve',
        title: 'Delete this job without running it?',
        effect: 'Nothing is done for it, and it cannot be brought back.',
      },
      staff_repairs_retry_order: {
        act: 'Deliver now',
        title: 'Deliver this order now?',
        effect: 'The goods are sent, or requested again. Goods that have reached the buyer are not sent twice.',
      },
      staff_repairs_retry_refund: {
        act: 'Continue the refund',
        title: 'Continue this refund now?',
        effect: 'Telegram’s list is read first: nothing is refunded twice.',
      },
      staff_repairs_look_at_webhook: {
        act: 'Check again',
        title: 'Ask Telegram about this webhook now?',
        effect: 'This only updates our information.',
      },
      staff_repairs_reconcile: {
        act: 'Reconcile',
        title: 'Reconcile this bot with Telegram now?',
        effect: 'Payments that only Telegram lists are added.',
      },
      staff_kill_switch_release_bot: {
        act: 'Release',
        title: 'Release this bot?',
        effect: 'It continues in the state that its creator chose, and everything that was waiting is sent.',
      },
    },
  },
  {
    title: 'Операции',
    kind: 'Виды застрявшей работы',
    allKinds: 'Все виды',
    workspace: 'Пространство',
    allWorkspaces: 'Показать все пространства',
    bot: 'Бот',
    wellTitle: 'Ничего не застряло',
    wellText: 'Здесь появляется то, что остановилось, не удалось или ждёт слишком долго, и что с этим делать.',
    noneOfKind: 'Такого нет.',
    more: 'Есть ещё. Начните со старых: исправленное уходит из списка.',
    since: (at: string) => `Старейшее с ${at}`,
    asked: 'Запрошено. Итог покажет список.',
    kinds: {
      parked_updates: 'Отложенные обновления',
      parked_jobs: 'Отложенные задачи',
      overdue_jobs: 'Просроченные задачи',
      stuck_orders: 'Оплачено, не выдано',
      stuck_refunds: 'Незавершённые возвраты',
      held_charges: 'Платежи без заказа',
      failing_endpoints: 'Сбои адресов',
      sick_webhooks: 'Больные вебхуки ботов',
      differences: 'Расхождения с Telegram',
      failing_comparisons: 'Неудачные сверки',
      chats_without_rights: 'Чаты без прав',
      stopped_bots: 'Боты, остановленные командой',
      stuck_removals: 'Застрявшие удаления ботов',
      failed_accesses: 'Неудачные доступы в чаты',
    },
    next: (kind: Kind, _said: string) => RUSSIAN_NEXT[kind],
    steps: {
      staff_repairs_replay_update: {
        act: 'Повторить',
        title: 'Обработать это обновление снова?',
        effect: 'Оно обрабатывается ещё раз с начала. Что уже сделано, второй раз не делается.',
      },
      staff_repairs_resolve_update: {
        act: 'Снять',
        title: 'Закрыть обновление без обработки?',
        effect: 'Для него ничего не делается. Только если никто ничего не ждёт. Повторить можно и потом.',
      },
      staff_repairs_retry_job: {
        act: 'Повторить',
        title: 'Выполнить задачу сейчас?',
        effect: 'Она выполняется сейчас, со всеми попытками.',
      },
      staff_repairs_resolve_job: {
        act: 'Удалить',
        title: 'Удалить задачу без выполнения?',
        effect: 'Для неё ничего не делается, и вернуть её нельзя.',
      },
      staff_repairs_retry_order: {
        act: 'Выдать сейчас',
        title: 'Выдать заказ сейчас?',
        effect: 'Товар отправляется или запрашивается снова. Что уже у покупателя, второй раз не уходит.',
      },
      staff_repairs_retry_refund: {
        act: 'Продолжить возврат',
        title: 'Продолжить возврат сейчас?',
        effect: 'Сначала читается список Telegram: дважды ничего не возвращается.',
      },
      staff_repairs_look_at_webhook: {
        act: 'Проверить снова',
        title: 'Спросить Telegram о вебхуке сейчас?',
        effect: 'Меняется только то, что мы знаем.',
      },
      staff_repairs_reconcile: {
        act: 'Сверить',
        title: 'Сверить бота с Telegram сейчас?',
        effect: 'Платежи, которые есть у Telegram и которых нет у нас, восстанавливаются.',
      },
      staff_kill_switch_release_bot: {
        act: 'Отпустить',
        title: 'Отпустить бота?',
        effect: 'Он продолжит в состоянии, которое выбрал автор, и всё, что ждало, уйдёт.',
      },
    },
  },
);
