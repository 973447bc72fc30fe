import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import {
  BusinessAccounts,
  BusinessConnections,
  businessConnectionView,
  connectionSchema,
  GiftUnusable,
  spendingSchema,
  spendingView,
} from '#libs/spending';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import * as schemas from './business.schema.js';
import { askerOf } from './gifts.controller.js';
import { consentOf } from './spending.schema.js';
import { ASKS_TELEGRAM, BUSINESS, SPENDS, Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const connectionId = idOf('businessConnection');

const ONCE =
  ' Telegram is called once: if its response is lost, the error is ' +
  '`telegram_outcome_unknown`, and it is the same for a repeated request. The rights of the connection are ' +
  'checked with Telegram first.';

@ApiTags('Business accounts')
@Controller('v1/business-connections')
export class BusinessController {
  constructor(
    private readonly db: Database,
    private readonly connections: BusinessConnections,
    private readonly accounts: BusinessAccounts,
  ) {}

  @Get()
  @Creator('bots:read')
  @ApiOperation({
    summary: 'List the accounts that bots act for, newest first',
    description:
      'People connect a bot in the settings of their account (Business, Chatbots). Ended connections are also listed.',
  })
  @Answers(200, schemas.connectionListSchema, 'A page of connections.')
  async list(
    @Who() { tenantId }: CreatorSession,
    @Query({ schema: schemas.listConnectionsSchema }) query: schemas.ListConnections,
  ) {
    const filter = { botId: query.bot_id, limit: query.limit + 1, ...cursorOf(query) };
    const rows = await this.db.inTenant(tenantId, (tx) => this.connections.list(tx, filter));
    return page(rows, query, businessConnectionView);
  }

  @Get(':id')
  @Creator('bots:read')
  @ApiOperation({ summary: 'Read a connection with the rights that Telegram last reported' })
  @Answers(200, connectionSchema, 'The connection.')
  async get(@Who() { tenantId }: CreatorSession, @Param('id', { schema: connectionId }) id: string) {
    return businessConnectionView(await this.db.inTenant(tenantId, (tx) => this.connections.get(tx, id)));
  }

  @Get(':id/star-balance')
  @Creator('orders:read')
  @Refuses(...ASKS_TELEGRAM, ...BUSINESS)
  @ApiOperation({
    summary: "Read the account's balance in Stars",
    description: 'Needs the right `can_view_gifts_and_stars`.',
  })
  @Answers(200, schemas.balanceSchema, 'The current balance.')
  async balance(@Who() { tenantId }: CreatorSession, @Param('id', { schema: connectionId }) id: string) {
    return schemas.balanceView(await this.accounts.balance(tenantId, id));
  }

  @Get(':id/gifts')
  @Creator('orders:read')
  @Refuses(...ASKS_TELEGRAM, ...BUSINESS)
  @ApiOperation({ summary: "List the account's gifts", description: 'Needs the right `can_view_gifts_and_stars`.' })
  @Answers(200, schemas.ownedGiftsSchema, 'A page of gifts.')
  async gifts(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: connectionId }) id: string,
    @Query({ schema: schemas.ownedGiftsQuery }) { limit, offset }: schemas.OwnedGiftsQuery,
  ) {
    return schemas.ownedGiftsView(await this.accounts.gifts(tenantId, id, { limit, offset }));
  }

  @Post(':id/star-transfers')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS, ...BUSINESS)
  @ApiOperation({
    summary: 'Move Stars from the account to the bot',
    description: `Needs the right \`can_transfer_stars\`.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The Stars were moved.')
  async transferStars(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: connectionId }) id: string,
    @Body({ schema: schemas.transferStarsSchema }) body: schemas.TransferStars,
  ) {
    const asker = askerOf(who, key);
    return spendingView(await this.accounts.transferStars(asker, id, body.stars, consentOf(body)));
  }

  @Post(':id/gift-conversions')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS, ...BUSINESS, GiftUnusable)
  @ApiOperation({
    summary: 'Convert a gift of the account into Stars',
    description: `Needs the rights \`can_view_gifts_and_stars\` and \`can_convert_gifts_to_stars\`.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The gift was converted, and the account has the Stars.')
  async convert(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: connectionId }) id: string,
    @Body({ schema: schemas.convertGiftSchema }) body: schemas.ConvertGift,
  ) {
    const { owned_gift_id: ownedGiftId, min_stars: minGain, confirm } = body;
    const wish = { ownedGiftId, minGain, confirm, maxStars: 0 };
    return spendingView(await this.accounts.convert(askerOf(who, key), id, wish));
  }

  @Post(':id/gift-upgrades')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS, ...BUSINESS, GiftUnusable)
  @ApiOperation({
    summary: 'Upgrade a gift of the account to a unique one',
    description:
      'Needs the rights `can_view_gifts_and_stars` and `can_transfer_and_upgrade_gifts`, and ' +
      `\`can_transfer_stars\` if the giver has not paid for it.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The gift was upgraded.')
  async upgrade(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: connectionId }) id: string,
    @Body({ schema: schemas.upgradeGiftSchema }) body: schemas.UpgradeGift,
  ) {
    const { owned_gift_id: ownedGiftId, keep_original_details: keepDetails } = body;
    const wish = { ...consentOf(body), ownedGiftId, keepDetails };
    return spendingView(await this.accounts.upgrade(askerOf(who, key), id, wish));
  }

  @Post(':id/gift-transfers')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS, ...BUSINESS, GiftUnusable)
  @ApiOperation({
    summary: 'Transfer a unique gift of the account',
    description:
      'Needs the rights `can_view_gifts_and_stars` and `can_transfer_and_upgrade_gifts`, and ' +
      `\`can_transfer_stars\` if it costs something.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The gift has a new owner.')
  async transferGift(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: connectionId }) id: string,
    @Body({ schema: schemas.transferGiftSchema }) body: schemas.TransferGift,
  ) {
    const { owned_gift_id: ownedGiftId, to_telegram_id: toId } = body;
    const wish = { ...consentOf(body), ownedGiftId, toId };
    return spendingView(await this.accounts.transferGift(askerOf(who, key), id, wish));
  }
}
