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
  type ReadOperations,
  readOperationsSchema,
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
  @ApiOperation({ summary: 'Read the amount of stuck work of each kind, and since when it has been stuck' })
  @Answers(200, overviewSchema, 'All kinds, including those without stuck work.')
  async overview(@Query({ schema: readOperationsSchema }) { tenant_id: tenantId }: ReadOperations) {
    const now = this.clock.now();
    return overviewView(
      await this.db.inPlatform('staff read stuck work', (tx) => this.troubles.counts(tx, now, tenantId)),
      now,
    );
  }

  @Get('troubles')
  @Staff('operations:read')
  @ApiOperation({
    summary: 'List stuck work, oldest first, with its next step',
    description: 'Of one kind. Fixed items leave the list, so there are no pages: start with the oldest.',
  })
  @Answers(200, troubleListSchema, 'The oldest items.')
  async list(@Query({ schema: listTroublesSchema }) { kind, tenant_id: tenantId, limit }: ListTroubles) {
    const now = this.clock.now();
    const rows = await this.db.inPlatform('staff read stuck work', (tx) =>
      this.troubles.list(tx, kind, { tenantId, limit }, now),
    );
    return page(rows, limit, (row) => troubleView(kind, row, now));
  }
}
