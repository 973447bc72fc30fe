import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailStore } from '#libs/mail';
import { type Config, CONFIG } from '#libs/runtime';
import { BotAlreadyRegistered, botSchema, BotService, BotTaken, botView, RegistrationInProgress } from '#libs/tenants';
import { QuotaExhausted } from '#libs/quotas';
import { Answers } from '../../http/answers.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { Creator, type CreatorSession, Public, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { type CreateSandboxBot, createSandboxBotSchema, installationSchema } from './sandbox.schema.js';
import { NoSimulator, SimulatedTelegram, SimulatorAway } from './simulated-telegram.service.js';

@ApiTags('Sandbox')
@Controller('v1')
export class SandboxController {
  constructor(
    private readonly telegram: SimulatedTelegram,
    private readonly bots: BotService,
    private readonly mails: MailStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('installation')
  @Public('pages show before the login whether Stars are real')
  @ApiOperation({ summary: 'Read whether Stars are real here' })
  @Answers(200, installationSchema, 'The environment of this installation.')
  installation() {
    return {
      object: 'installation' as const,
      livemode: this.config.livemode,
      sends_mail: this.mails.available,
      simulator_url: this.telegram.url ?? null,
    };
  }

  @Post('sandbox/bots')
  @Idempotency({ callsOut: true })
  @Creator('bots:write')
  @Refuses(
    ...ASKS_TELEGRAM,
    BotTaken,
    BotAlreadyRegistered,
    NoSimulator,
    QuotaExhausted,
    RegistrationInProgress,
    SimulatorAway,
  )
  @ApiOperation({
    summary: 'Create a bot in the simulated Telegram and register it',
    description: 'Where Telegram is simulated, this replaces a visit to @BotFather.',
  })
  @Answers(201, botSchema, 'The bot, active.')
  async createBot(@Who() who: CreatorSession, @Body({ schema: createSandboxBotSchema }) { name }: CreateSandboxBot) {
    const token = await this.telegram.createBot(name);
    return botView(await this.bots.register(who.tenantId, { token, environment: 'production', takeOver: false }));
  }
}
