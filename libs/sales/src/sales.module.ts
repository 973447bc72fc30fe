import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { LedgerModule } from '#libs/ledger';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { BuyerService } from './buyers/buyer.service.js';
import { ConsentService } from './buyers/consent.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { CreditUseService } from './checkout/credit-use.service.js';
import { HeldCharges } from './checkout/held-charge.service.js';
import { MediaSales } from './checkout/media-sales.service.js';
import { OrderEndingService } from './checkout/order-ending.service.js';
import { StuckSales } from './fulfilment/stuck-sales.service.js';
import { PaymentService } from './checkout/payment.service.js';
import { PaymentSettlement } from './checkout/payment-settlement.service.js';
import { PaymentTargets } from './checkout/payment-targets.service.js';
import { CreditOrderService } from './fulfilment/credit-order.service.js';
import { FulfilmentService } from './fulfilment/fulfilment.service.js';
import { FulfilmentStore } from './fulfilment/fulfilment.store.js';
import { ManualDeliveryService } from './fulfilment/manual-delivery.service.js';
import { OrderService } from './fulfilment/order.service.js';
import { InvoiceLinkService } from './offers/invoice-link.service.js';
import { OfferStore } from './offers/offer.store.js';
import { ProductPostService } from './offers/product-post.service.js';
import { OrderStore } from './orders/order.store.js';
import { PromoService } from './promo/promo.service.js';
import { PromoStore } from './promo/promo.store.js';
import { ReconciliationHealer } from './reconciliation/reconciliation.healer.js';
import { ReconciliationService } from './reconciliation/reconciliation.service.js';
import { ReconciliationStore } from './reconciliation/reconciliation.store.js';
import { RefundReportService } from './reconciliation/refund-report.service.js';
import { StarTransactionReader } from './reconciliation/star-transaction.reader.js';
import { StarTransactionStore } from './reconciliation/star-transaction.store.js';
import { RefundGoods } from './refunds/refund-goods.service.js';
import { RefundService } from './refunds/refund.service.js';
import { RefundStore } from './refunds/refund.store.js';
import { BuyerStateService } from './reports/buyer-state.service.js';
import { ChargeList } from './reports/charge-list.service.js';
import { FunnelService } from './reports/funnel.service.js';
import { MetricsService } from './reports/metrics.service.js';
import { NotesService } from './reports/notes.service.js';
import { BuyerList } from './reports/buyer-list.service.js';
import { OrderList } from './reports/order-list.service.js';
import { RefundList } from './reports/refund-list.service.js';
import { StrayPayments } from './strays/stray-payment.service.js';
import { StatementService } from './reports/statement.service.js';
import { SubscriptionList } from './reports/subscription-list.service.js';
import { TimelineService } from './reports/timeline.service.js';
import { SubscriptionPayments } from './subscriptions/subscription-payments.service.js';
import { SubscriptionService } from './subscriptions/subscription.service.js';
import { SubscriptionStore } from './subscriptions/subscription.store.js';

const EXPORTED = [
  FulfilmentStore,
  FulfilmentService,
  StarTransactionStore,
  StarTransactionReader,
  ReconciliationService,
  ReconciliationHealer,
  RefundReportService,
  BuyerService,
  ChargeList,
  CheckoutService,
  ConsentService,
  CreditUseService,
  PaymentService,
  StuckSales,
  PaymentSettlement,
  PaymentTargets,
  PromoService,
  RefundService,
  OrderEndingService,
  OrderService,
  ManualDeliveryService,
  HeldCharges,
  MediaSales,
  StatementService,
  StrayPayments,
  TimelineService,
  BuyerStateService,
  MetricsService,
  FunnelService,
  InvoiceLinkService,
  ProductPostService,
  BuyerList,
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
