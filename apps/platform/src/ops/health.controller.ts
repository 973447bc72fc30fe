import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { Public } from '../http/audience.js';

const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

const PATIENCE_MS = 500;

export class NotReady extends DomainError {
  readonly code = 'not_ready';
  readonly refusal = 'unavailable';
  readonly remedy = 'Wait. If it lasts, look at the database.';

  constructor() {
    super('The database does not answer.');
  }
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly db: Database) {}

  @Get('live')
  @Public('asked by whatever restarts dead processes')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ standardSchema: healthSchema })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public('asked by load balancers')
  @ApiOperation({ summary: 'The process can take requests: the database answers within half a second' })
  @ApiOkResponse({ standardSchema: healthSchema })
  @ApiServiceUnavailableResponse({ description: 'The database does not answer.' })
  async ready() {
    const answer = this.db.inPlatform('health check', (tx) => tx.query('select 1'));
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new NotReady()), PATIENCE_MS).unref());
    await Promise.race([answer, late]).catch(() => {
      throw new NotReady();
    });
    return { status: 'ok' };
  }
}
