import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { KillSwitch } from './kill-switch.service.js';
import { ProblemReader } from './problem.reader.js';
import { RepairService } from './repair.service.js';
import { TroubleReader } from './trouble.reader.js';
import { WebhookWatch } from './webhook-watch.service.js';

const EXPORTED = [TroubleReader, ProblemReader, RepairService, KillSwitch, WebhookWatch];

/** What staff see of what is stuck, and what they can have done about it. */
@Module({ imports: [TenantsModule], providers: EXPORTED, exports: EXPORTED })
export class OperationsModule {}
