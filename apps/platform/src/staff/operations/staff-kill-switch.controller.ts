import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotDirectory, KillSwitch } from '#libs/tenants';
import { Staff } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { type Reason, reasonSchema, stoppedSchema, switchView } from './operations.schema.js';
import { Answers } from '../../http/answers.js';

const tenantId = idOf('tenant');
const botId = idOf('bot');
const ABOUT =
  'Sales and deliveries stop within five seconds. Payments in progress are still recorded; refunds and ' +
  'replies to buyers stay possible. Idempotent; the first reason is kept. To stop a whole workspace, ' +
  'restrict it to `outbound_stopped`.';

@ApiTags('Staff: operations')
@Controller('v1/staff/tenants/:tenant_id')
export class StaffKillSwitchController {
  constructor(
    private readonly db: Database,
    private readonly switches: KillSwitch,
    private readonly directory: BotDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('bots/:bot_id/stop')
  @Staff('tenants:restrict')
  @ApiOperation({ summary: 'Stop a bot at once', description: ABOUT })
  @Answers(200, stoppedSchema, 'The switch as it is now.')
  async stopBot(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('bot_id', { schema: botId }) bot: string,
    @Body({ schema: reasonSchema }) { reason }: Reason,
  ) {
    const stopped = await this.db.inPlatform('staff stop a bot', (tx) =>
      this.switches.stop(tx, tenant, bot, reason, this.clock.now()),
    );
    this.directory.forget(bot);
    return switchView(stopped);
  }

  @Post('bots/:bot_id/release')
  @Staff('tenants:restrict')
  @ApiOperation({
    summary: 'Release a stopped bot',
    description: 'Its own state, which its creator controls, has not changed.',
  })
  @Answers(200, stoppedSchema, 'The switch as it is now.')
  async releaseBot(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('bot_id', { schema: botId }) bot: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    const released = await this.db.inPlatform('staff release a bot', (tx) => this.switches.release(tx, tenant, bot));
    this.directory.forget(bot);
    return switchView(released);
  }
}
