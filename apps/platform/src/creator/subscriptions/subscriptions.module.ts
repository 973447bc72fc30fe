import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { SubscriptionsController } from './subscriptions.controller.js';

@Module({ imports: [SalesModule], controllers: [SubscriptionsController] })
export class SubscriptionsModule {}
