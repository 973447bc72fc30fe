import { Module } from '@nestjs/common';
import { AnswerService } from './answer.service.js';
import { BuyerSupportService } from './buyer-support.service.js';
import { SearchService } from './search.service.js';
import { SupportService } from './support.service.js';

/** Buyers ask, creators answer, and both find what they talk about. */
@Module({
  providers: [SupportService, BuyerSupportService, AnswerService, SearchService],
  exports: [SupportService, BuyerSupportService, AnswerService, SearchService],
})
export class SupportModule {}
