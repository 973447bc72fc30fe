import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { AlertChatUnknown, AlertService, alertsView, alertsViewSchema } from '#libs/delivery';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { type SetAlerts, setAlertsSchema } from './endpoints.schema.js';
import { Refuses } from '../../http/refuses.js';
import { NotFound } from '#libs/kernel';
import { Answers } from '../../http/answers.js';

@ApiTags('Webhook endpoints')
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    private readonly db: Database,
    private readonly alerts: AlertService,
  ) {}

  @Get()
  @Creator('endpoints:read')
  @Refuses(NotFound)
  @ApiOperation({ summary: 'Read the alert chat and its settings' })
  @Answers(200, alertsViewSchema, 'The chat; 404 when none is set.')
  async get(@Who() who: CreatorSession) {
    return alertsView(await this.db.inTenant(who.tenantId, (tx) => this.alerts.chat(tx)));
  }

  @Put()
  @Creator('endpoints:write')
  @Refuses(AlertChatUnknown, NotFound)
  @ApiOperation({
    summary: "Get sales, failures and buyers' questions in Telegram",
    description:
      'Your bot writes to you when one of your endpoints is disabled, your plan is nearly used up, or it ' +
      "lost its rights in a chat, and about everything that you enable here. Your replies to buyers' " +
      'questions are passed on to them. Open the bot with your own account and press Start ' +
      'first. There is one such chat; a new one replaces it.',
  })
  @Answers(200, alertsViewSchema, 'The chat.')
  async set(@Who() who: CreatorSession, @Body({ schema: setAlertsSchema }) body: SetAlerts) {
    const { bot_id: botId, telegram_id: telegramId, ...switches } = body;
    const chat = { botId, telegramId, accountId: who.accountId, ...switches };
    return alertsView(await this.db.inTenant(who.tenantId, (tx) => this.alerts.setChat(tx, chat)));
  }

  @Delete()
  @HttpCode(204)
  @Creator('endpoints:write')
  @ApiOperation({ summary: 'Stop alerts in Telegram' })
  @ApiNoContentResponse({ description: 'No chat receives alerts now.' })
  async remove(@Who() who: CreatorSession): Promise<void> {
    await this.db.inTenant(who.tenantId, (tx) => this.alerts.removeChat(tx));
  }
}
