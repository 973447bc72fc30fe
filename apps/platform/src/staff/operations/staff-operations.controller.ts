import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { TroubleReader } from '#libs/operations';
import { CLOCK } from '#libs/runtime';
import { Staff } from '../../http/audience.js';
import { page } from '../../http/schema.js';
import {
  type ListTroubles,
  listTroublesSchema,
  overviewSchema,
  overviewView,
  troubleListSchema,
  troubleView,
} from './operations.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Staff: operations')
@Controller('v1/staff/operations')
export class StaffOperationsController {
  constructor(
    private readonly db: Database,
    private readonly troubles: TroubleReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Staff('operations:read')
  @ApiOperation({ summary: 'How much is stuck, of each kind, and since when' })
  @Answers(200, overviewSchema, 'Every kind, also those of which there is nothing.')
  async overview() {
    const now = this.clock.now();
    return overviewView(
      await this.db.inPlatform('staff look at what is stuck', (tx) => this.troubles.counts(tx, now)),
      now,
    );
  }

  @Get('troubles')
  @Staff('operations:read')
  @ApiOperation({
    summary: 'What is stuck, oldest first, with its next step',
    description: 'Of one kind. What is mended leaves the list, so there are no pages: begin with the oldest.',
  })
  @Answers(200, troubleListSchema, 'The oldest of them.')
  async list(@Query({ schema: listTroublesSchema }) { kind, tenant_id: tenantId, limit }: ListTroubles) {
    const now = this.clock.now();
    const rows = await this.db.inPlatform('staff look at what is stuck', (tx) =>
      this.troubles.list(tx, kind, { tenantId, limit }, now),
    );
    return page(rows, limit, (row) => troubleView(kind, row, now));
  }
}
