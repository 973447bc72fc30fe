import { Module } from '@nestjs/common';
import { RightsModule } from '#libs/rights';
import { TenantsModule } from '#libs/tenants';
import { BotsController } from './bots.controller.js';
import { TextsController } from './texts.controller.js';

@Module({ imports: [RightsModule, TenantsModule], controllers: [BotsController, TextsController] })
export class BotsModule {}
