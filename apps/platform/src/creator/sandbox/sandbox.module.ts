import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { SandboxController } from './sandbox.controller.js';
import { SimulatedTelegram } from './simulated-telegram.service.js';

@Module({ imports: [TenantsModule], controllers: [SandboxController], providers: [SimulatedTelegram] })
export class SandboxModule {}
