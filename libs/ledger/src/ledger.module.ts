import { Module } from '@nestjs/common';
import { CreditBook } from './credit-book.service.js';
import { CreditPackService } from './credit-pack.service.js';
import { CreditReader } from './credit-reader.service.js';
import { CreditRequestStore } from './credit-request.store.js';
import { CreditService } from './credit.service.js';
import { LedgerService } from './ledger.service.js';
import { OrderCredits } from './order-credits.service.js';

@Module({
  providers: [
    LedgerService,
    CreditBook,
    CreditReader,
    CreditRequestStore,
    CreditService,
    CreditPackService,
    OrderCredits,
  ],
  exports: [LedgerService, CreditReader, CreditService, CreditPackService, OrderCredits],
})
export class LedgerModule {}
