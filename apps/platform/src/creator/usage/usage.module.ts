import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { UsageController } from './usage.controller.js';

@Module({ imports: [TenantsModule], controllers: [UsageController] })
export class UsageModule {}
