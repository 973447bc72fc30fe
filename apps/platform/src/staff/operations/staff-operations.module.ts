import { Module } from '@nestjs/common';
import { OperationsModule } from '#libs/operations';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { StaffKillSwitchController } from './staff-kill-switch.controller.js';
import { StaffOperationsController } from './staff-operations.controller.js';
import { StaffRepairsController } from './staff-repairs.controller.js';

@Module({
  imports: [OperationsModule, SalesModule, TenantsModule],
  controllers: [StaffOperationsController, StaffRepairsController, StaffKillSwitchController],
})
export class StaffOperationsModule {}
