import { Module } from '@nestjs/common';
import { SpendingModule } from '#libs/spending';
import { BusinessController } from './business.controller.js';
import { GiftsController } from './gifts.controller.js';
import { SpendingsController } from './spendings.controller.js';

@Module({ imports: [SpendingModule], controllers: [GiftsController, SpendingsController, BusinessController] })
export class SpendingApiModule {}
