import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { LedgerModule } from '#libs/ledger';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { BuyerService } from './buyer.service.js';
import { BuyerStateService } from './buyer-state.service.js';
import { ChargeService } from './charge.service.js';
import { CheckoutService } from './checkout.service.js';
import { CreditOrderService } from './credit-order.service.js';
import { CreditUseService } from './credit-use.service.js';
import { ConsentService } from './consent.service.js';
import { FulfilmentService } from './fulfilment.service.js';
import { FulfilmentStore } from './fulfilment.store.js';
import { FunnelService } from './funnel.service.js';
import { InvoiceLinkService } from './invoice-link.service.js';
import { MediaSales } from './media-sales.service.js';
import { ManualDeliveryService } from './manual-delivery.service.js';
import { MetricsService } from './metrics.service.js';
import { NotesService } from './notes.service.js';
import { OfferStore } from './offer.store.js';
import { OrderEndingService } from './order-ending.service.js';
import { OrderList } from './order-list.service.js';
import { OrderService } from './order.service.js';
import { OrderStore } from './order.store.js';
import { PaymentService } from './payment.service.js';
import { ProductPostService } from './product-post.service.js';
import { PromoService } from './promo.service.js';
import { PromoStore } from './promo.store.js';
import { ReconciliationHealer } from './reconciliation.healer.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationStore } from './reconciliation.store.js';
import { RefundList } from './refund-list.service.js';
import { RefundReportService } from './refund-report.service.js';
import { RefundGoods } from './refund-goods.service.js';
import { RefundService } from './refund.service.js';
import { RefundStore } from './refund.store.js';
import { StarListReader } from './star-transaction.reader.js';
import { StarTransactionStore } from './star-transaction.store.js';
import { StatementService } from './statement.service.js';
import { SubscriptionList } from './subscription-list.service.js';
import { SubscriptionPayments } from './subscription-payments.service.js';
import { SubscriptionService } from './subscription.service.js';
import { SubscriptionStore } from './subscription.store.js';
import { TimelineService } from './timeline.service.js';

const EXPORTED = [
  FulfilmentStore,
  FulfilmentService,
  StarTransactionStore,
  StarListReader,
  ReconciliationService,
  ReconciliationHealer,
  RefundReportService,
  BuyerService,
  ChargeService,
  CheckoutService,
  ConsentService,
  CreditUseService,
  PaymentService,
  PromoService,
  RefundService,
  OrderEndingService,
  OrderService,
  ManualDeliveryService,
  MediaSales,
  StatementService,
  TimelineService,
  BuyerStateService,
  MetricsService,
  FunnelService,
  InvoiceLinkService,
  ProductPostService,
  OrderList,
  RefundList,
  NotesService,
  SubscriptionList,
  SubscriptionService,
];

@Module({
  imports: [ChatsModule, LedgerModule, TelegramModule, TenantsModule],
  providers: [
    OrderStore,
    CreditOrderService,
    OfferStore,
    PromoStore,
    ReconciliationStore,
    RefundGoods,
    RefundStore,
    SubscriptionPayments,
    SubscriptionStore,
    ...EXPORTED,
  ],
  exports: EXPORTED,
})
export class SalesModule {}
