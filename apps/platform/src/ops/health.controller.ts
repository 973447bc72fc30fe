import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '#libs/kernel';
import { Health, type HealthAnswer, type Unready } from '#libs/process';
import { Public } from '../http/audience.js';
import { Refuses } from '../http/refuses.js';
import { Answers } from '../http/answers.js';

const healthSchema = z
  .object({
    status: z.literal('ok'),
    event_loop_lag_ms: z
      .object({ p99: z.int(), max: z.int() })
      .describe("The event loop's delay in milliseconds, over the last ten to twenty seconds."),
    warnings: z.array(z.string()).describe('Problems for the operator to fix, each with its remedy; usually empty.'),
  })
  .meta({ id: 'Health' });

export class NotReady extends DomainError {
  static readonly code = 'not_ready';
  static readonly refusal = 'unavailable';
  readonly remedy: string;

  constructor(why: Unready) {
    super(why === 'stopping' ? 'This process is stopping.' : 'The database does not write.');
    this.remedy =
      why === 'stopping'
        ? 'Send the request to another process.'
        : 'Wait. If it persists, check the database and its disk.';
  }
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @Public('polled by supervisors that restart dead processes', 'unlimited')
  @ApiOperation({ summary: 'Check that the process runs' })
  @Answers(200, healthSchema)
  live(): Promise<HealthAnswer> {
    return this.health.answer();
  }

  @Get('ready')
  @Public('polled by load balancers', 'unlimited')
  @Refuses(NotReady)
  @ApiOperation({
    summary:
      'Check that the process can take requests: it is not stopping, and the database writes within half a second',
  })
  @Answers(200, healthSchema)
  async ready(): Promise<HealthAnswer> {
    const why = await this.health.unready();
    if (why !== undefined) throw new NotReady(why);
    return this.health.answer();
  }
}
