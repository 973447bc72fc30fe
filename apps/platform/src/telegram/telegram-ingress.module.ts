import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { InboxWriter } from './inbox-writer.js';
import { Ingress } from './ingress.js';
import { PreCheckoutDesk } from './pre-checkout.desk.js';

@Module({
  imports: [SalesModule, TelegramModule, TenantsModule],
  providers: [Ingress, InboxWriter, PreCheckoutDesk],
  exports: [Ingress],
})
export class TelegramIngressModule {}
