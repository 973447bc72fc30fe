import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database, type TenantTx } from '#libs/database';
import { RepairService, WebhookWatch } from '#libs/operations';
import { Staff } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import {
  askedSchema,
  type JobAction,
  jobActionSchema,
  type Reason,
  reasonSchema,
  type UpdateAction,
  updateActionSchema,
} from './operations.schema.js';

const tenantId = idOf('tenant');
const ASKED = { standardSchema: askedSchema, description: 'It is asked for; look at the list to see what came of it.' };

/** Each is recorded with its reason before it is done, also in the workspace's own audit log. */
@ApiTags('Staff: operations')
@Controller('v1/staff/tenants/:tenant_id')
export class StaffRepairsController {
  constructor(
    private readonly db: Database,
    private readonly repairs: RepairService,
    private readonly watch: WebhookWatch,
  ) {}

  @Post('updates/replay')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({ summary: 'Work on a stored update once more', description: 'Handling is idempotent: twice is once.' })
  @ApiAcceptedResponse(ASKED)
  replayUpdate(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: updateActionSchema }) { bot_id: botId, update_id: updateId }: UpdateAction,
  ) {
    return this.ask(tenant, (tx) => this.repairs.replayUpdate(tx, botId, updateId));
  }

  @Post('updates/resolve')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Lay a parked update to rest',
    description: 'Nothing is done for it. It can still be replayed.',
  })
  @ApiAcceptedResponse(ASKED)
  resolveUpdate(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: updateActionSchema }) { bot_id: botId, update_id: updateId, reason }: UpdateAction,
  ) {
    return this.ask(tenant, (tx) => this.repairs.resolveUpdate(tx, botId, updateId, reason));
  }

  @Post('jobs/retry')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({ summary: 'Have a parked or overdue job tried now', description: 'With all its tries.' })
  @ApiAcceptedResponse(ASKED)
  retryJob(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: jobActionSchema }) { kind, subject }: JobAction,
  ) {
    return this.ask(tenant, (tx) => this.repairs.retryJob(tx, kind, subject));
  }

  @Post('jobs/resolve')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({ summary: 'Lay a parked job to rest', description: 'It is gone, and nothing is done for it.' })
  @ApiAcceptedResponse(ASKED)
  resolveJob(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: jobActionSchema }) { kind, subject }: JobAction,
  ) {
    return this.ask(tenant, (tx) => this.repairs.resolveJob(tx, kind, subject));
  }

  @Post('orders/:order_id/retry')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Have a paid order handed over now',
    description: 'Or its goods asked for once more. What has reached the buyer is not sent again.',
  })
  @ApiAcceptedResponse(ASKED)
  retryOrder(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('order_id', { schema: idOf('order') }) order: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.repairs.retryOrder(tx, order));
  }

  @Post('refunds/:refund_id/retry')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Have an unfinished refund gone on with now',
    description: "Telegram's list is looked at before anything is given back again.",
  })
  @ApiAcceptedResponse(ASKED)
  retryRefund(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('refund_id', { schema: idOf('refund') }) refund: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.repairs.retryRefund(tx, refund));
  }

  @Post('bots/:bot_id/reconcile')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({ summary: "Compare a bot's books with Telegram's now" })
  @ApiAcceptedResponse(ASKED)
  reconcile(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('bot_id', { schema: idOf('bot') }) bot: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.repairs.reconcile(tx, bot));
  }

  @Post('bots/:bot_id/look-at-webhook')
  @HttpCode(202)
  @Staff('operations:write')
  @ApiOperation({ summary: "Ask Telegram about a bot's webhook now" })
  @ApiAcceptedResponse(ASKED)
  async lookAtWebhook(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('bot_id', { schema: idOf('bot') }) bot: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    await this.watch.look(tenant, bot);
    return { object: 'asked' as const, asked: true as const };
  }

  private async ask(tenant: string, work: (tx: TenantTx) => Promise<void>) {
    await this.db.inTenant(tenant, work);
    return { object: 'asked' as const, asked: true as const };
  }
}
