import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { ApiKeysController } from './api-keys.controller.js';

@Module({ imports: [TenantsModule], controllers: [ApiKeysController] })
export class ApiKeysModule {}
