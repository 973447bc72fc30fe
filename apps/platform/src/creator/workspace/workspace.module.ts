import { Module } from '@nestjs/common';
import { RightsModule } from '#libs/rights';
import { TenantsModule } from '#libs/tenants';
import { WorkspaceController } from './workspace.controller.js';

@Module({ imports: [RightsModule, TenantsModule], controllers: [WorkspaceController] })
export class WorkspaceModule {}
