import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { RoomsModule } from '#libs/database';
import { DeliveryModule } from '#libs/delivery';
import { LedgerModule } from '#libs/ledger';
import { MailModule } from '#libs/mail';
import { OperationsModule } from '#libs/operations';
import { RightsModule } from '#libs/rights';
import { ALL_ROOMS } from '#libs/rooms';
import { SalesModule } from '#libs/sales';
import { SpendingModule } from '#libs/spending';
import { SupportModule } from '#libs/support';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { AnswerHandlers } from './desk/answer.handlers.js';
import { BotImportHandler } from './bots/bot-import.handler.js';
import { BrowseHandlers } from './bot/browse.handlers.js';
import { CommandHandlers } from './bot/command.handlers.js';
import { BusinessHandlers } from './bot/business.handlers.js';
import { ChatHandlers } from './bot/chat.handlers.js';
import { Comebacks } from './bot/comebacks.js';
import { CreditHandlers } from './bot/credit.handlers.js';
import { InlineHandlers } from './bot/inline.handlers.js';
import { Offers } from './bot/offers.js';
import { PaidMediaHandlers } from './bot/paid-media.handlers.js';
import { PaymentHandlers } from './bot/payment.handlers.js';
import { PromoHandlers } from './bot/promo.handlers.js';
import { ShopHandlers } from './bot/shop.handlers.js';
import { SubscriptionHandlers } from './bot/subscription.handlers.js';
import { SupportHandlers } from './bot/support.handlers.js';
import { TermsHandlers } from './bot/terms.handlers.js';
import { AccessWatchHandler } from './chats/access-watch.handler.js';
import { DeskAlertsHandlers } from './desk/desk-alerts.handlers.js';
import { DeskRefundHandlers } from './desk/desk-refund.handlers.js';
import { DeskHandlers } from './desk/desk.handlers.js';
import { FulfilmentDeadlineHandler } from './fulfilment/fulfilment-deadline.handler.js';
import { FulfilmentNotifyHandler } from './fulfilment/fulfilment-notify.handler.js';
import { OrderFulfilHandler } from './fulfilment/order-fulfil.handler.js';
import { InboxLoop } from './inbox/inbox.loop.js';
import { UpdateProcessor } from './inbox/update.processor.js';
import { AlertMailHandler } from './jobs/alert-mail.handler.js';
import { AlertSendHandler } from './jobs/alert-send.handler.js';
import { BotMenuHandler } from './desk/bot-menu.handler.js';
import { CreditsLapseHandler } from './jobs/credits-lapse.handler.js';
import { JobsModule } from './jobs/jobs.module.js';
import { OrderDeliverHandler } from './jobs/order-deliver.handler.js';
import { WebhookAttemptHandler } from './jobs/webhook-attempt.handler.js';
import { MailSendHandler } from './mail/mail-send.handler.js';
import { BotReconcileHandler } from './reconcile/bot-reconcile.handler.js';
import { ReconcileSweeper } from './reconcile/reconcile.sweeper.js';
import { RefundExecuteHandler } from './refunds/refund-execute.handler.js';
import { RefundNotifyHandler } from './refunds/refund-notify.handler.js';
import { BotRemoveHandler } from './rights/bot-remove.handler.js';
import { RightsSweeper } from './rights/rights.sweeper.js';
import { SupportSendHandler } from './support/support-send.handler.js';
import { SubscriptionEditHandler } from './subscriptions/subscription-edit.handler.js';
import { SubscriptionStopHandler } from './subscriptions/subscription-stop.handler.js';
import { SubscriptionWatchHandler } from './subscriptions/subscription-watch.handler.js';
import { PartitionSweeper } from './sweeper/partition.sweeper.js';
import { RetentionSweeper } from './sweeper/retention.sweeper.js';
import { Sweeper } from './sweeper/sweeper.js';
import { ActivityNotes } from './watch/activity.notes.js';
import { WatchSweeper } from './watch/watch.sweeper.js';

const LIBRARIES = [
  SalesModule,
  LedgerModule,
  SpendingModule,
  SupportModule,
  MailModule,
  DeliveryModule,
  ChatsModule,
  TelegramModule,
  TenantsModule,
  RightsModule,
  OperationsModule,
];
const HANDLERS = [
  OrderDeliverHandler,
  OrderFulfilHandler,
  FulfilmentDeadlineHandler,
  FulfilmentNotifyHandler,
  WebhookAttemptHandler,
  AlertMailHandler,
  AlertSendHandler,
  MailSendHandler,
  BotMenuHandler,
  RefundExecuteHandler,
  RefundNotifyHandler,
  BotReconcileHandler,
  SupportSendHandler,
  CreditsLapseHandler,
  SubscriptionWatchHandler,
  SubscriptionEditHandler,
  SubscriptionStopHandler,
  AccessWatchHandler,
  BotRemoveHandler,
  BotImportHandler,
];

/** All asynchronous work: chats, delivery, refunds, webhooks. Import it together with the foundation. */
@Module({
  imports: [RoomsModule.with(ALL_ROOMS), ...LIBRARIES, JobsModule.with(HANDLERS, LIBRARIES)],
  providers: [
    BusinessHandlers,
    PaidMediaHandlers,
    PaymentHandlers,
    ChatHandlers,
    ShopHandlers,
    PromoHandlers,
    BrowseHandlers,
    CreditHandlers,
    AnswerHandlers,
    Comebacks,
    DeskHandlers,
    DeskRefundHandlers,
    DeskAlertsHandlers,
    Offers,
    InlineHandlers,
    TermsHandlers,
    CommandHandlers,
    SubscriptionHandlers,
    SupportHandlers,
    UpdateProcessor,
    InboxLoop,
    ActivityNotes,
    ReconcileSweeper,
    RightsSweeper,
    PartitionSweeper,
    RetentionSweeper,
    Sweeper,
    WatchSweeper,
  ],
})
export class WorkerModule {}
