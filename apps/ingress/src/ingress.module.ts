import { Module, type OnModuleInit } from '@nestjs/common';
import { Health, noteIngress } from '#libs/process';
import { SalesModule } from '#libs/sales';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { InboxWriter } from './inbox-writer.js';
import { Ingress } from './ingress.js';
import { PreCheckoutDesk } from './pre-checkout.desk.js';

/** Only Telegram's updates and pre-checkouts. Import it together with {@link ingressFoundation}. */
@Module({
  imports: [SalesModule, TelegramModule, TenantsModule],
  providers: [Ingress, InboxWriter, PreCheckoutDesk, Health],
})
export class IngressModule implements OnModuleInit {
  onModuleInit(): void {
    noteIngress();
  }
}
