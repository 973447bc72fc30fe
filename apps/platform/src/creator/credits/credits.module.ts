import { Module } from '@nestjs/common';
import { LedgerModule } from '#libs/ledger';
import { CreditReservationsController } from './credit-reservations.controller.js';
import { CreditsController } from './credits.controller.js';

@Module({ imports: [LedgerModule], controllers: [CreditsController, CreditReservationsController] })
export class CreditsModule {}
