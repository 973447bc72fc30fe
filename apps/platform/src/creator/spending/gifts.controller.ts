import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { publicId } from '#libs/kernel';
import { GiftService, GiftUnusable, spendingSchema, spendingView } from '#libs/spending';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf } from '../../http/schema.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import {
  type GiftPremium,
  giftListSchema,
  giftPremiumSchema,
  giftView,
  type SendGift,
  sendGiftSchema,
} from './gifts.schema.js';
import { consentOf } from './spending.schema.js';
import { ASKS_TELEGRAM, SPENDS, Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const botId = idOf('bot');

const ONCE =
  ' Telegram is called once. If its response is lost, the error is ' +
  '`telegram_outcome_unknown`, even for a repeated request with the same key; GET /v1/spendings shows ' +
  'what is known.';

@ApiTags('Gifts')
@Controller('v1/bots/:id')
export class GiftsController {
  constructor(private readonly gifts: GiftService) {}

  @Get('gifts')
  @Creator('bots:read')
  @Refuses(...ASKS_TELEGRAM)
  @ApiOperation({ summary: 'List the gifts that a bot can give', description: "Telegram's current list." })
  @Answers(200, giftListSchema, 'All of them.')
  async available(@Who() who: CreatorSession, @Param('id', { schema: botId }) id: string) {
    const data = (await this.gifts.available(who.tenantId, id)).map(giftView);
    return { object: 'list' as const, data, has_more: false as const };
  }

  @Post('gifts')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS, GiftUnusable)
  @ApiOperation({
    summary: 'Send a gift',
    description: `Paid from the bot's balance. The receiver cannot convert it into Stars.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The gift was sent.')
  async give(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: botId }) id: string,
    @Body({ schema: sendGiftSchema }) body: SendGift,
  ) {
    const { user_telegram_id: personId, gift_id: giftId, pay_for_upgrade: payForUpgrade, text } = body;
    const wish = { ...consentOf(body), personId, giftId, payForUpgrade, text };
    return spendingView(await this.gifts.give(askerOf(who, key), id, wish));
  }

  @Post('premium-gifts')
  @Idempotency({ required: true, callsOut: true })
  @Creator('spending:write')
  @Refuses(...SPENDS)
  @ApiOperation({
    summary: 'Give a person Telegram Premium',
    description: `Paid from the bot's balance, at Telegram's price.${ONCE}`,
  })
  @Answers(201, spendingSchema, 'The subscription was given.')
  async givePremium(
    @Who() who: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: botId }) id: string,
    @Body({ schema: giftPremiumSchema }) body: GiftPremium,
  ) {
    const { user_telegram_id: personId, months, text } = body;
    const wish = { ...consentOf(body), personId, months, text };
    return spendingView(await this.gifts.givePremium(askerOf(who, key), id, wish));
  }
}

export const askerOf = ({ tenantId, accountId }: CreatorSession, key: string) => ({
  tenantId,
  key,
  by: publicId('account', accountId),
});
