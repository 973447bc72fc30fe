export { buyerSchema, buyerView } from './buyers/buyer-view.js';
export { BuyerRow } from './buyers/buyer.entity.js';
export { BuyerService, type Person } from './buyers/buyer.service.js';
export { ConsentService } from './buyers/consent.service.js';
export { chargeSchema, chargeView } from './charges/charge-view.js';
export { ChargeRow } from './charges/charge.entity.js';
export {
  CHARGE_STATES,
  isAmount,
  isPersonId,
  type Match,
  MATCHES,
  type Payment,
  type Recurring,
} from './charges/payment.js';
export {
  type Approval,
  CheckoutService,
  NotForSale,
  type Placed,
  type Placing,
  type Quote,
  UsedByCommand,
} from './checkout/checkout.service.js';
export { CreditUseService } from './checkout/credit-use.service.js';
export { HeldCharges } from './checkout/held-charge.service.js';
export { ChargeNotHeld, NoProductNamed, NothingLeft, NotToBeGiven } from './charges/held-charge.js';
export { MediaSales, type Unlocked } from './checkout/media-sales.service.js';
export { OrderEndingService, type OrdersOfTenant } from './checkout/order-ending.service.js';
export { StuckSales } from './fulfilment/stuck-sales.service.js';
export { PaymentService, type Recorded } from './checkout/payment.service.js';
export { type FirstDelivery } from './fulfilment/first-delivery.js';
export { CreditOrderService } from './fulfilment/credit-order.service.js';
export { fulfilmentSchema, fulfilmentView } from './fulfilment/fulfilment-view.js';
export { GoodsNotExpected } from './fulfilment/fulfilment.js';
export { FulfilmentService } from './fulfilment/fulfilment.service.js';
export { type FulfilmentNotice, type FulfilmentOrder, FulfilmentStore } from './fulfilment/fulfilment.store.js';
export { type ManualMode, AlreadyDelivered, NothingOwed } from './fulfilment/manual-delivery.js';
export { type ManualDelivery, ManualDeliveryService } from './fulfilment/manual-delivery.service.js';
export {
  type DeliveryFacts,
  type HandoverResult,
  type OrderDetails,
  OrderService,
  type Purchase,
} from './fulfilment/order.service.js';
export { deepLink } from './offers/deep-link.js';
export { type InvoiceLink, InvoiceLinkService } from './offers/invoice-link.service.js';
export { offerPayload } from './charges/offer-payload.js';
export { NotForEverybody } from './offers/offer.js';
export { OfferStore } from './offers/offer.store.js';
export { ProductPostService } from './offers/product-post.service.js';
export { type CheckoutRefusal, type PreCheckout } from './orders/checkout.js';
export { newOrder } from './orders/new-order.js';
export { creditsView, orderSchema, orderView } from './orders/order-view.js';
export { OrderRow } from './orders/order.entity.js';
export {
  ChargeNotListed,
  DELIVERIES,
  type Delivery,
  ORDER_STATES,
  type OrderState,
  OrderStateConflict,
  type OrderStatus,
} from './orders/order.js';
export { OrderStore } from './orders/order.store.js';
export { InvalidPromoCode, MAX_STARS_OFF, MAX_USES, PROMO_STATES, PromoCodeTaken } from './promo/promo.js';
export { type PromoEntered, PromoService, type PromoStanding } from './promo/promo.service.js';
export { PromoStore } from './promo/promo.store.js';
export { reconciliationSchema, reconciliationView } from './reconciliation/reconciliation-view.js';
export { ReconciliationRow } from './reconciliation/reconciliation.entity.js';
export { ReconciliationHealer } from './reconciliation/reconciliation.healer.js';
export { BotNotReadable } from './reconciliation/reconciliation.js';
export {
  type Measured,
  type ReconciliationFilter,
  ReconciliationService,
} from './reconciliation/reconciliation.service.js';
export { RefundReportService } from './reconciliation/refund-report.service.js';
export { StarTransactionRow } from './reconciliation/star-transaction.entity.js';
export { type ListOwner, type PageRead, StarTransactionReader } from './reconciliation/star-transaction.reader.js';
export { StarTransactionStore } from './reconciliation/star-transaction.store.js';
export { lateRefunds } from './refunds/late-refund.reader.js';
export { refundSchema, refundView } from './refunds/refund-view.js';
export { RefundRow } from './refunds/refund.entity.js';
export {
  AlreadyRefunded,
  BuyerErased,
  isPromised,
  NothingToRefund,
  promiseDelay,
  REFUND_REFUSALS,
  REFUND_STATES,
  refundIsOpen,
  type RefundReported,
  type RefundState,
} from './refunds/refund.js';
export { type RefundNotice, RefundService } from './refunds/refund.service.js';
export type { OpenRefund } from './refunds/refund.store.js';
export { type BuyerState, BuyerStateService } from './reports/buyer-state.service.js';
export { ChargeList } from './reports/charge-list.service.js';
export { type FunnelRow, FunnelService } from './reports/funnel.service.js';
export { conversionOf, type SalesFigures, type SalesGroup } from './reports/metrics.js';
export {
  MetricsService,
  SALES_GROUPINGS,
  type SalesGrouping,
  type SalesMetrics,
  type SalesQuestion,
} from './reports/metrics.service.js';
export { NotesService } from './reports/notes.service.js';
export { BuyerList, type ListedBuyer } from './reports/buyer-list.service.js';
export { ORDER_EXPANSIONS, type OrderExtras, OrderList } from './reports/order-list.service.js';
export { RefundList } from './reports/refund-list.service.js';
export { InvalidPeriod, type Period, periodOf, type Totals } from './reports/statement.js';
export { strayPaymentSchema, strayPaymentView } from './strays/stray-payment-view.js';
export { type StrayKind, type StrayPayment, type StrayReason } from './strays/stray-payment.js';
export { StrayPayments } from './strays/stray-payment.service.js';
export { type Statement, StatementService } from './reports/statement.service.js';
export {
  type SubscriptionFigures,
  type SubscriptionFilter,
  SubscriptionList,
  type Watched,
} from './reports/subscription-list.service.js';
export type { TimelineEntry, TimelineKind } from './reports/timeline.js';
export { type Timeline, TimelineService } from './reports/timeline.service.js';
export { SalesModule } from './sales.module.js';
export { SubscriptionPayments } from './subscriptions/subscription-payments.service.js';
export { SUBSCRIPTION_STATES, SubscriptionOver, SubscriptionUnnamed } from './subscriptions/subscription.js';
export { subscriptionSchema, subscriptionView } from './subscriptions/subscription-view.js';
export type { SubscriptionRow } from './subscriptions/subscription.entity.js';
export {
  type CanceledBy,
  type Step,
  type SubscriptionReport,
  type SubscriptionState,
  wayToResume,
} from './subscriptions/subscription.js';
export { type SubscriptionEdit, SubscriptionService } from './subscriptions/subscription.service.js';
export { SubscriptionStore } from './subscriptions/subscription.store.js';
export { SALES_TABLES } from './tables.js';
