import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { AuthModule } from '../auth/auth.module.js';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';

@Module({ imports: [TenantsModule, AuthModule], controllers: [MembersController, InvitationsController] })
export class MembersModule {}
