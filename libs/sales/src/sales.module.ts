import { Module } from '@nestjs/common';
import { LedgerModule } from '#libs/ledger';
import { BuyerService } from './buyer.service.js';
import { ChargeService } from './charge.service.js';
import { CheckoutService } from './checkout.service.js';
import { ManualDeliveryService } from './manual-delivery.service.js';
import { OrderService } from './order.service.js';
import { OrderStore } from './order.store.js';
import { PaymentService } from './payment.service.js';
import { RefundService } from './refund.service.js';

@Module({
  imports: [LedgerModule],
  providers: [
    OrderStore,
    BuyerService,
    ChargeService,
    CheckoutService,
    PaymentService,
    RefundService,
    OrderService,
    ManualDeliveryService,
  ],
  exports: [
    BuyerService,
    ChargeService,
    CheckoutService,
    PaymentService,
    RefundService,
    OrderService,
    ManualDeliveryService,
  ],
})
export class SalesModule {}
