import { Module } from '@nestjs/common';
import { MailModule } from '#libs/mail';
import { TenantsModule } from '#libs/tenants';
import { SandboxController } from './sandbox.controller.js';
import { SimulatedTelegram } from './simulated-telegram.service.js';

@Module({ imports: [MailModule, TenantsModule], controllers: [SandboxController], providers: [SimulatedTelegram] })
export class SandboxModule {}
