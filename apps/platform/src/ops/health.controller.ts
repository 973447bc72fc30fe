import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { EventLoopWatch, type HealthAnswer, isReady } from '#libs/process';
import { Public } from '../http/audience.js';
import { Refuses } from '../http/refuses.js';
import { Answers } from '../http/answers.js';

const healthSchema = z
  .object({
    status: z.literal('ok'),
    event_loop_lag_ms: z
      .object({ p99: z.int(), max: z.int() })
      .describe("The event loop's delay in milliseconds, over the last ten to twenty seconds."),
  })
  .meta({ id: 'Health' });

export class NotReady extends DomainError {
  static readonly code = 'not_ready';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Wait. If it lasts, check the database.';

  constructor() {
    super('The database does not answer.');
  }
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly db: Database,
    private readonly eventLoop: EventLoopWatch,
  ) {}

  @Get('live')
  @Public('polled by supervisors that restart dead processes', 'unlimited')
  @ApiOperation({ summary: 'Check that the process runs' })
  @Answers(200, healthSchema)
  live(): HealthAnswer {
    return { status: 'ok', event_loop_lag_ms: this.eventLoop.lag() };
  }

  @Get('ready')
  @Public('polled by load balancers', 'unlimited')
  @Refuses(NotReady)
  @ApiOperation({ summary: 'Check that the process can take requests: the database answers within half a second' })
  @Answers(200, healthSchema)
  async ready(): Promise<HealthAnswer> {
    if (!(await isReady(this.db))) throw new NotReady();
    return { status: 'ok', event_loop_lag_ms: this.eventLoop.lag() };
  }
}
