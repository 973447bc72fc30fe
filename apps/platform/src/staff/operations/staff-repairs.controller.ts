import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database, type TenantTx } from '#libs/database';
import { InboxKeeper, JobStore, NotParked, UpdateNotParked } from '#libs/journal';
import { StuckSales } from '#libs/sales';
import { WebhookWatch } from '#libs/tenants';
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
import { Refuses } from '../../http/refuses.js';
import {
  BotNotInState,
  RotationInProgress,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenOfAnotherBot,
  TokenRefused,
} from '#libs/tenants';
import { Answers } from '../../http/answers.js';

const tenantId = idOf('tenant');
const Asked = () => Answers(202, askedSchema, 'The request is queued; check the list for its result.');

/**
 * Lets staff unblock stuck work by enqueuing idempotent jobs. Each request is recorded with its reason before it is
 * carried out, in the workspace's own audit log as well.
 */
@ApiTags('Staff: operations')
@Controller('v1/staff/tenants/:tenant_id')
export class StaffRepairsController {
  constructor(
    private readonly db: Database,
    private readonly inbox: InboxKeeper,
    private readonly jobs: JobStore,
    private readonly sales: StuckSales,
    private readonly watch: WebhookWatch,
  ) {}

  @Post('updates/replay')
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Replay a stored update',
    description: 'Handling is idempotent: a second run changes nothing.',
  })
  @Asked()
  replayUpdate(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: updateActionSchema }) { bot_id: botId, update_id: updateId }: UpdateAction,
  ) {
    return this.ask(tenant, async (tx) => void (await this.inbox.replay(tx, botId, updateId)));
  }

  @Post('updates/resolve')
  @Staff('operations:write')
  @Refuses(UpdateNotParked)
  @ApiOperation({
    summary: 'Close a parked update without handling it',
    description: 'Nothing is done for it. It can still be replayed.',
  })
  @Asked()
  resolveUpdate(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: updateActionSchema }) { bot_id: botId, update_id: updateId, reason }: UpdateAction,
  ) {
    return this.ask(tenant, (tx) => this.inbox.resolve(tx, botId, updateId, reason));
  }

  @Post('jobs/retry')
  @Staff('operations:write')
  @Refuses(NotParked)
  @ApiOperation({ summary: 'Retry a parked or overdue job now', description: 'With all its attempts.' })
  @Asked()
  retryJob(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: jobActionSchema }) { kind, subject }: JobAction,
  ) {
    return this.ask(tenant, (tx) => this.jobs.revive(tx, kind, subject));
  }

  @Post('jobs/resolve')
  @Staff('operations:write')
  @Refuses(NotParked)
  @ApiOperation({
    summary: 'Close a parked job without running it',
    description: 'It is deleted, and nothing is done for it.',
  })
  @Asked()
  resolveJob(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Body({ schema: jobActionSchema }) { kind, subject }: JobAction,
  ) {
    return this.ask(tenant, (tx) => this.jobs.bury(tx, kind, subject));
  }

  @Post('orders/:order_id/retry')
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Deliver a paid order now',
    description: 'Or request its goods again. Goods that have reached the buyer are not sent again.',
  })
  @Asked()
  retryOrder(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('order_id', { schema: idOf('order') }) order: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.sales.retryOrder(tx, order));
  }

  @Post('refunds/:refund_id/retry')
  @Staff('operations:write')
  @ApiOperation({
    summary: 'Continue an unfinished refund now',
    description: "Telegram's list is checked before any refund is repeated.",
  })
  @Asked()
  retryRefund(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('refund_id', { schema: idOf('refund') }) refund: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.sales.retryRefund(tx, refund));
  }

  @Post('bots/:bot_id/reconcile')
  @Staff('operations:write')
  @ApiOperation({ summary: "Reconcile a bot's books with Telegram now" })
  @Asked()
  reconcile(
    @Param('tenant_id', { schema: tenantId }) tenant: string,
    @Param('bot_id', { schema: idOf('bot') }) bot: string,
    @Body({ schema: reasonSchema }) _reason: Reason,
  ) {
    return this.ask(tenant, (tx) => this.sales.reconcile(tx, bot));
  }

  @Post('bots/:bot_id/look-at-webhook')
  @Staff('operations:write')
  @Refuses(BotNotInState, TokenOfAnotherBot, RotationInProgress, TokenRefused, TelegramUnavailable, TelegramSaidNo)
  @ApiOperation({ summary: "Ask Telegram about a bot's webhook now" })
  @Asked()
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
