import { Module } from '@nestjs/common';
import { OperationsModule } from '#libs/operations';
import { RightsModule } from '#libs/rights';
import { TenantsModule } from '#libs/tenants';
import { BotImportsController } from './bot-imports.controller.js';
import { BotsController } from './bots.controller.js';
import { ProblemsController } from './problems.controller.js';
import { TextsController } from './texts.controller.js';

@Module({
  imports: [OperationsModule, RightsModule, TenantsModule],
  controllers: [BotsController, BotImportsController, ProblemsController, TextsController],
})
export class BotsModule {}
