import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  BotNotInState,
  RoleNotYours,
  TelegramLinks,
  telegramLinkSchema,
  telegramLinkView,
  TooManyCodes,
} from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Refuses } from '../../http/refuses.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type CreateTelegramLink,
  createTelegramLinkSchema,
  type ListTelegramLinks,
  listTelegramLinksSchema,
  newTelegramLinkSchema,
  telegramLinkListSchema,
} from './telegram-links.schema.js';

const linkId = idOf('telegramLink');
/** True if this session may see and end the links of other members. */
const seesOthers = (who: CreatorSession) => who.scopes.includes('members:read');

@ApiTags('Members')
@Controller('v1/telegram-links')
export class TelegramLinksController {
  constructor(
    private readonly db: Database,
    private readonly links: TelegramLinks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Creator('self')
  @Refuses(NotFound, BotNotInState, TooManyCodes)
  @ApiOperation({
    summary: 'Link your Telegram account',
    description:
      'Open `url` in Telegram and press Start within ten minutes. It works once, replaces your earlier codes, and you ' +
      'get at most five in ten minutes. Do not share it: whoever opens it acts as you. Then every bot of the workspace ' +
      "shows you today's sales (/sales), lets you refund an order (/refund) and choose alerts (/alerts), as far as your " +
      'role allows, and your replies to alerts about questions are sent to the buyer. Your actions there are in the audit log.',
  })
  @Answers(201, newTelegramLinkSchema, 'The link with its address, which is shown only here.')
  async create(@Who() who: CreatorSession, @Body({ schema: createTelegramLinkSchema }) body: CreateTelegramLink) {
    const made = await this.db.inTenant(who.tenantId, (tx) => this.links.create(tx, who.accountId, body.bot_id));
    return { ...telegramLinkView(made.link, this.clock.now()), url: made.url };
  }

  @Get()
  @Creator('self')
  @ApiOperation({
    summary: 'List links to Telegram, newest first',
    description: "Yours; for owners and admins, every member's. Ended links and expired codes are left out.",
  })
  @Answers(200, telegramLinkListSchema, 'A page of links.')
  async list(@Who() who: CreatorSession, @Query({ schema: listTelegramLinksSchema }) query: ListTelegramLinks) {
    const whose = seesOthers(who) ? undefined : who.accountId;
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.links.list(tx, whose, query.limit, cursorOf(query)));
    const now = this.clock.now();
    return page(rows, query, (link) => telegramLinkView(link, now));
  }

  @Get(':id')
  @Creator('self')
  @ApiOperation({ summary: 'Read a link to Telegram', description: 'Its state shows when the code was used.' })
  @Answers(200, telegramLinkSchema, 'The link as it is now.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: linkId }) id: string) {
    const link = await this.db.inTenant(who.tenantId, (tx) => this.links.get(tx, id));
    if (link.accountId !== who.accountId && !seesOthers(who)) throw new NotFound('telegram link');
    return telegramLinkView(link, this.clock.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('self')
  @Refuses(RoleNotYours)
  @ApiOperation({
    summary: 'Unlink a Telegram account',
    description: 'Your own, or that of a member whom you may manage. Also ends a code that was not used. Idempotent.',
  })
  @ApiNoContentResponse({ description: 'The account is no longer linked.' })
  end(@Who() who: CreatorSession, @Param('id', { schema: linkId }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.links.end(tx, who, id));
  }
}
