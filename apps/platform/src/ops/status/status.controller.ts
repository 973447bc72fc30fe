import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NOTES_PERIOD_MS } from '#libs/process';
import { Answers } from '../../http/answers.js';
import { Public } from '../../http/audience.js';
import { STATUSES } from './service-status.js';
import { StatusReader } from './status.reader.js';

const statusOf = z
  .enum(STATUSES)
  .describe(
    '`down`: most requests fail, or work is at a standstill; `unknown`: the database of the platform does not respond.',
  );

const answeringSchema = z
  .object({
    status: statusOf,
    p50_ms: z.int().nullable().describe('Half of the responses arrived within this time; null if there were none.'),
    p95_ms: z.int().nullable().describe('95 of 100 responses arrived within this time; null if there were none.'),
    failed_percent: z.number().nullable().describe('Share of responses that failed; null if there were none.'),
  })
  .meta({ id: 'AnsweringPart' });

const workingSchema = z
  .object({
    status: statusOf,
    delay_seconds: z.int().nullable().describe('Delay of the work that has waited longest; null if unknown.'),
  })
  .meta({ id: 'WorkingPart' });

const statusSchema = z
  .object({
    object: z.literal('status'),
    status: statusOf.describe('The worst status of all parts.'),
    checked_at: z.iso.datetime(),
    period_seconds: z.int().describe('The period that times and shares cover.'),
    telegram: answeringSchema.describe("Telegram's responses to the platform."),
    checkouts: answeringSchema.describe('Responses to buyers who press Pay. Telegram allows ten seconds.'),
    api: answeringSchema.describe('Responses of the API and the dashboard.'),
    updates: workingSchema.describe('Messages and button presses of buyers, until the bot handles them.'),
    deliveries: workingSchema.describe('Goods and refunds.'),
    webhooks: workingSchema.describe("Webhooks to creators' servers, except to those that are slow themselves."),
  })
  .meta({ id: 'PlatformStatus' });

@ApiTags('Health')
@Controller('v1/status')
export class StatusController {
  constructor(private readonly reader: StatusReader) {}

  @Get()
  @Public('it contains no data of a workspace, and is needed most when signing in is slow')
  @Header('Cache-Control', 'public, max-age=10')
  @ApiOperation({
    summary: 'Check whether Telegram or the platform is slow',
    description:
      'The figures cover the whole platform and are at most ten seconds old. `/status` shows them as a page.',
  })
  @Answers(200, statusSchema, 'The status of the platform.')
  async show() {
    const { status, checkedAt, parts } = await this.reader.read();
    return {
      object: 'status' as const,
      status,
      checked_at: checkedAt.toISOString(),
      period_seconds: NOTES_PERIOD_MS / 1_000,
      ...parts,
    };
  }
}
