import { Module } from '@nestjs/common';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { AnswerFileSender } from './answer-file.sender.js';
import { AnswerService } from './answer.service.js';
import { BuyerSupportService } from './buyer-support.service.js';
import { SearchService } from './search.service.js';
import { SupportFiles } from './support-file.service.js';
import { SupportService } from './support.service.js';
import { ThreadExtrasService } from './thread-extras.service.js';

/** Conversations between buyers and creators, and the search that both need. */
@Module({
  imports: [TelegramModule, TenantsModule],
  providers: [
    AnswerFileSender,
    SupportService,
    BuyerSupportService,
    AnswerService,
    SearchService,
    SupportFiles,
    ThreadExtrasService,
  ],
  exports: [
    AnswerFileSender,
    SupportService,
    BuyerSupportService,
    AnswerService,
    SearchService,
    SupportFiles,
    ThreadExtrasService,
  ],
})
export class SupportModule {}
