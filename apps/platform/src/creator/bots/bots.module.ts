import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { BotsController } from './bots.controller.js';

@Module({ imports: [TenantsModule], controllers: [BotsController] })
export class BotsModule {}
