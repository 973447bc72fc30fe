import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { BotsController } from './bots.controller.js';
import { TextsController } from './texts.controller.js';

@Module({ imports: [TenantsModule], controllers: [BotsController, TextsController] })
export class BotsModule {}
