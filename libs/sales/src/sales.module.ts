import { Module } from '@nestjs/common';
import { LedgerModule } from '#libs/ledger';
import { ChargeService } from './charge.service.js';
import { CheckoutService } from './checkout.service.js';
import { OrderService } from './order.service.js';
import { OrderStore } from './order.store.js';
import { PaymentService } from './payment.service.js';
import { RefundService } from './refund.service.js';

@Module({
  imports: [LedgerModule],
  providers: [OrderStore, ChargeService, CheckoutService, PaymentService, RefundService, OrderService],
  exports: [ChargeService, CheckoutService, PaymentService, RefundService, OrderService],
})
export class SalesModule {}
