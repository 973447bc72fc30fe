import { BuyerRow } from './buyer.entity.js';
import { ChargeRow } from './charge.entity.js';
import { OrderRow } from './order.entity.js';
import { RefundRow } from './refund.entity.js';

export { BuyerRow, ChargeRow, OrderRow, RefundRow };
export type { SubscriptionRow } from './subscription.entity.js';
export { BuyerService, type Person } from './buyer.service.js';
export { type BuyerState, BuyerStateService } from './buyer-state.service.js';
export { ChargeService } from './charge.service.js';
export { type CheckoutRefusal, type PreCheckout } from './checkout.js';
export {
  type Approval,
  CheckoutService,
  NotForSale,
  type Placed,
  type Placing,
  UsedByCommand,
} from './checkout.service.js';
export { CreditOrderService } from './credit-order.service.js';
export { CreditUseService } from './credit-use.service.js';
export { ConsentService } from './consent.service.js';
export { fulfilmentView, GoodsNotExpected } from './fulfilment.js';
export { FulfilmentService } from './fulfilment.service.js';
export { type FunnelRow, FunnelService } from './funnel.service.js';
export { type FulfilmentNotice, type FulfilmentOrder, FulfilmentStore } from './fulfilment.store.js';
export { type InvoiceLink, InvoiceLinkService } from './invoice-link.service.js';
export { type ManualMode, AlreadyDelivered, NothingOwed } from './manual-delivery.js';
export { type ManualDelivery, ManualDeliveryService } from './manual-delivery.service.js';
export { conversionOf, type SalesFigures, type SalesGroup } from './metrics.js';
export {
  MetricsService,
  SALES_GROUPINGS,
  type SalesGrouping,
  type SalesMetrics,
  type SalesQuestion,
} from './metrics.service.js';
export { MediaSales, type Unlocked } from './media-sales.service.js';
export { NotesService } from './notes.service.js';
export type { Delivery, OrderState, OrderStatus } from './order.js';
export { offerPayload } from './offer.js';
export { OfferStore } from './offer.store.js';
export { OrderEndingService, type OrdersOfTenant } from './order-ending.service.js';
export { ORDER_EXPANSIONS, type OrderExtras, OrderList } from './order-list.service.js';
export {
  type DeliveryFacts,
  type HandoverResult,
  type OrderDetails,
  OrderService,
  type Purchase,
} from './order.service.js';
export { OrderStore } from './order.store.js';
export type { Match, Payment } from './payment.js';
export { PaymentService, type Recorded } from './payment.service.js';
export { BotNotReadable } from './reconciliation.js';
export { ReconciliationRow } from './reconciliation.entity.js';
export { ReconciliationHealer } from './reconciliation.healer.js';
export { type Measured, type ReconciliationFilter, ReconciliationService } from './reconciliation.service.js';
export { reconciliationView } from './reconciliation-view.js';
export { AlreadyRefunded, NothingToRefund, type RefundReported, type RefundState } from './refund.js';
export { RefundList } from './refund-list.service.js';
export { RefundReportService } from './refund-report.service.js';
export { type RefundNotice, RefundService } from './refund.service.js';
export type { OpenRefund } from './refund.store.js';
export { SalesModule } from './sales.module.js';
export {
  type CanceledBy,
  type Recurring,
  type Step,
  type SubscriptionReport,
  type SubscriptionState,
} from './subscription.js';
export { type SubscriptionEdit, SubscriptionService } from './subscription.service.js';
export {
  type SubscriptionFigures,
  type SubscriptionFilter,
  SubscriptionList,
  type Watched,
} from './subscription-list.service.js';
export { SubscriptionPayments } from './subscription-payments.service.js';
export { SubscriptionStore } from './subscription.store.js';
export { subscriptionView } from './subscription-view.js';
export { UnreadableTransaction } from './star-transaction.js';
export { StarTransactionRow } from './star-transaction.entity.js';
export { type ListOwner, type PageRead, StarListReader } from './star-transaction.reader.js';
export { StarTransactionStore } from './star-transaction.store.js';
export { type Period, periodOf, type Totals } from './statement.js';
export { type Statement, StatementService } from './statement.service.js';
export type { TimelineEntry, TimelineKind } from './timeline.js';
export { type Timeline, TimelineService } from './timeline.service.js';
export { deepLink } from './deep-link.js';
export { POST_STATES, POST_WAYS } from './product-post.js';
export { ProductPostRow } from './product-post.entity.js';
export { ProductPostService } from './product-post.service.js';
export { MAX_STARS_OFF, MAX_USES, PROMO_STATES } from './promo.js';
export { type PromoEntered, PromoService, type PromoStanding } from './promo.service.js';
export { PromoStore } from './promo.store.js';
export { buyerView, chargeView, creditsView, orderView, refundView } from './view.js';
