import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { publicId } from '#libs/kernel';
import { obligationView, RemovalService, BotOwes } from '#libs/rights';
import {
  BotAlreadyRegistered,
  BotNotInState,
  botSchema,
  BotService,
  BotTaken,
  botView,
  ForeignWebhook,
  RegistrationInProgress,
  RotationInProgress,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenMalformed,
  TokenOfAnotherBot,
  TokenOfOtherEnvironment,
  TokenRefused,
} from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  botDetailsSchema,
  botDetailsView,
  botListSchema,
  changeOf,
  type ListBots,
  listBotsSchema,
  type ListObligations,
  listObligationsSchema,
  obligationListSchema,
  type RegisterBot,
  registerBotSchema,
  type RemoveBot,
  removeBotSchema,
  type RotateToken,
  rotateTokenSchema,
  type UpdateBot,
  updateBotSchema,
  webhookSchema,
  webhookView,
} from './bots.schema.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { Answers } from '../../http/answers.js';

const botId = idOf('bot');

@ApiTags('Bots')
@Controller('v1/bots')
export class BotsController {
  constructor(
    private readonly db: Database,
    private readonly bots: BotService,
    private readonly removals: RemovalService,
  ) {}

  @Post()
  @Idempotency({ callsOut: true })
  @Creator('bots:write')
  @Refuses(
    ...ASKS_TELEGRAM,
    RegistrationInProgress,
    TokenMalformed,
    TokenOfOtherEnvironment,
    ForeignWebhook,
    BotTaken,
    BotAlreadyRegistered,
    QuotaExhausted,
    TokenRefused,
  )
  @ApiOperation({
    summary: 'Register a bot',
    description:
      'Checks the token with Telegram, sets the webhook and the menu. A bot that was removed comes back ' +
      'with its old id. The token is stored encrypted and never shown again.',
  })
  @Answers(201, botSchema, 'The bot, active.')
  async register(@Who() who: CreatorSession, @Body({ schema: registerBotSchema }) body: RegisterBot) {
    const { token, environment, take_over: takeOver } = body;
    return botView(await this.bots.register(who.tenantId, { token, environment, takeOver }));
  }

  @Get()
  @Creator('bots:read')
  @ApiOperation({ summary: 'List bots, newest first', description: 'Removed bots are left out.' })
  @Answers(200, botListSchema, 'A page of bots.')
  async list(@Who() who: CreatorSession, @Query({ schema: listBotsSchema }) query: ListBots) {
    return page(await this.bots.list(who.tenantId, query.limit + 1, cursorOf(query)), query, botView);
  }

  @Get(':id')
  @Creator('bots:read')
  @ApiOperation({ summary: 'Read a bot' })
  @Answers(200, botDetailsSchema, 'The bot, and the progress of its removal.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: botId }) id: string) {
    return this.details(who.tenantId, id);
  }

  @Patch(':id')
  @Creator('bots:write')
  @Refuses(BotNotInState)
  @ApiOperation({
    summary: "Change a bot's texts or notes",
    description: 'Omitted fields do not change; null removes a text.',
  })
  @Answers(200, botSchema, 'The bot as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Body({ schema: updateBotSchema }) body: UpdateBot,
  ) {
    return botView(await this.bots.update(who.tenantId, id, changeOf(body)));
  }

  @Post(':id/pause')
  @Creator('bots:write')
  @Refuses(BotNotInState)
  @ApiOperation({ summary: 'Stop selling', description: 'Updates, including payments, are still received.' })
  @Answers(200, botSchema, 'The bot, paused.')
  async pause(@Who() who: CreatorSession, @Param('id', { schema: botId }) id: string) {
    return botView(await this.bots.pause(who.tenantId, id));
  }

  @Post(':id/resume')
  @Creator('bots:write')
  @Refuses(BotNotInState)
  @ApiOperation({ summary: 'Sell again after a pause' })
  @Answers(200, botSchema, 'The bot, active.')
  async resume(@Who() who: CreatorSession, @Param('id', { schema: botId }) id: string) {
    return botView(await this.bots.resume(who.tenantId, id));
  }

  @Post(':id/rotate-token')
  @Idempotency({ callsOut: true })
  @Creator('bots:write', { whenLocked: 'open' })
  @Refuses(
    BotNotInState,
    TokenMalformed,
    TokenOfAnotherBot,
    RotationInProgress,
    TokenOfOtherEnvironment,
    TokenRefused,
    TelegramUnavailable,
    TelegramSaidNo,
  )
  @ApiOperation({
    summary: 'Give a bot its new token',
    description:
      'The token must belong to the same bot. The webhook gets a new secret; no update is lost in the process. ' +
      'Also available in a restricted workspace: refunds need a working token.',
  })
  @Answers(200, botSchema, 'The bot with its new token.')
  async rotateToken(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Body({ schema: rotateTokenSchema }) body: RotateToken,
  ) {
    return botView(await this.bots.rotateToken(who.tenantId, id, body.token));
  }

  @Get(':id/webhook')
  @Creator('bots:read')
  @Refuses(BotNotInState, TokenRefused, TelegramUnavailable, TelegramSaidNo)
  @ApiOperation({ summary: 'Ask Telegram about the bot and its webhook' })
  @Answers(200, webhookSchema, "Telegram's current information.")
  async webhook(@Who() who: CreatorSession, @Param('id', { schema: botId }) id: string) {
    return webhookView(await this.bots.webhook(who.tenantId, id));
  }

  @Delete(':id')
  @Creator('bots:write')
  @Refuses(BotOwes)
  @ApiOperation({
    summary: 'Remove a bot',
    description:
      'The bot stops selling at once. Telegram is asked to stop the renewal of every subscription, and each ' +
      'buyer is told how long their access lasts; unpaid orders are cancelled, links to chats are revoked, ' +
      'and pending goods, refunds and replies are delivered. Then its webhook, menu and token are ' +
      'deleted, with the event `bot.removed`. GET shows the progress; obligations that cannot be ended are ' +
      'listed with their reasons and stop the removal, with the event `bot.removal_stuck`, until they are ' +
      'fixed or acknowledged. Sending the request again retries failures. Orders stay, and registering the ' +
      'bot again brings it back.',
  })
  @Answers(202, botDetailsSchema, 'The bot, and the progress of its removal.')
  async remove(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Query({ schema: removeBotSchema }) { acknowledge_failures: acknowledged }: RemoveBot,
  ) {
    await this.removals.ask(who.tenantId, id, { by: publicId('account', who.accountId), acknowledged });
    return this.details(who.tenantId, id);
  }

  @Get(':id/obligations')
  @Creator('bots:read')
  @ApiOperation({
    summary: "List a bot's obligations to Telegram and its buyers",
    description:
      'Renewing subscriptions, paid orders without goods, pending refunds, working links. All of them have ' +
      'to end before the bot is removed. Those that cannot end without help come first, with their ' +
      'reasons. For a removed bot: the obligations that were left.',
  })
  @Answers(200, obligationListSchema, 'The first obligations.')
  async obligations(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Query({ schema: listObligationsSchema }) { limit }: ListObligations,
  ) {
    const bot = await this.bots.get(who.tenantId, id);
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.removals.left(tx, bot, limit + 1));
    return page(rows, limit, obligationView);
  }

  private async details(tenantId: string, id: string) {
    const bot = await this.bots.get(tenantId, id);
    return botDetailsView(bot, await this.db.inTenant(tenantId, (tx) => this.removals.progress(tx, id)));
  }
}
