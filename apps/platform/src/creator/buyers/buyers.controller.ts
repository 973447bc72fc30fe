import { Body, Controller, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { type Clock, publicId } from '#libs/kernel';
import { BuyerBusy, erasureSchema, ErasureService, erasureView } from '#libs/rights';
import { CLOCK } from '#libs/runtime';
import { BuyerList, buyerSchema, BuyerStateService, buyerView, NotesService } from '#libs/sales';
import { Creator, type CreatorSession, needScope, Who } from '../../http/audience.js';
import { buyerIdSchema } from '../credits/credits.schema.js';
import {
  buyerListSchema,
  buyerQuerySchema,
  buyerStateSchema,
  buyerStateView,
  type ListBuyers,
  listedBuyerView,
  type UpdateBuyer,
  updateBuyerSchema,
} from './buyers.schema.js';
import { page } from '../../http/schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Buyers')
@Controller('v1/buyers')
export class BuyersController {
  constructor(
    private readonly db: Database,
    private readonly lists: BuyerList,
    private readonly states: BuyerStateService,
    private readonly erasures: ErasureService,
    private readonly notes: NotesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({
    summary: 'List buyers, newest first',
    description: 'Everyone who has talked to one of your bots. The same person in another bot is a separate buyer.',
  })
  @Answers(200, buyerListSchema, 'A page of buyers.')
  async list(@Who() who: CreatorSession, @Query({ schema: buyerQuerySchema }) query: ListBuyers) {
    const { bot_id: botId, search, starting_after: after, ending_before: before, limit } = query;
    const filter = { botId, search, after, before, limit };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.lists.list(tx, filter));
    return page(rows, query, listedBuyerView);
  }

  @Patch(':telegram_id')
  @Creator('orders:write')
  @ApiOperation({ summary: "Change a buyer's metadata", description: 'Sends `buyer.updated`.' })
  @Answers(200, buyerSchema, 'The buyer after the change.')
  async update(
    @Who() who: CreatorSession,
    @Param('telegram_id', { schema: buyerIdSchema }) telegramId: number,
    @Body({ schema: updateBuyerSchema }) { bot_id: botId, metadata }: UpdateBuyer,
  ) {
    const buyer = await this.db.inTenant(who.tenantId, (tx) => this.notes.onBuyer(tx, botId, telegramId, metadata));
    return buyerView(buyer);
  }

  @Get(':telegram_id/state')
  @Creator('orders:read')
  @ApiOperation({
    summary: 'Read everything about a buyer in one call',
    description:
      'Purchases, entitlements, credits, and the bots that can reach them. Also needs the scope `credits:read`.',
  })
  @Answers(200, buyerStateSchema, 'The current state of the buyer.')
  async state(@Who() who: CreatorSession, @Param('telegram_id', { schema: buyerIdSchema }) telegramId: number) {
    needScope(who, 'credits:read');
    const now = this.clock.now();
    return buyerStateView(
      telegramId,
      await this.db.inTenant(who.tenantId, (tx) => this.states.of(tx, telegramId, now)),
    );
  }

  @Post(':telegram_id/erase')
  @Creator('buyers:erase')
  @Refuses(BuyerBusy)
  @ApiOperation({
    summary: 'Erase a buyer',
    description:
      'Permanent, in all your bots: deletes names, messages, goods made for them, and data about them from ' +
      'Telegram and your servers. Orders, charges and the ledger stay, with a negative number instead of ' +
      'the person. Refunds stay possible until `refundable_until`. Refused while a payment, refund, ' +
      'delivery or question of theirs is pending. Erase them on your own servers as well: the event ' +
      '`buyer.erased` does not identify the person.',
  })
  @Answers(200, erasureSchema, 'Erased. Repeating the request returns `not_found`.')
  async erase(@Who() who: CreatorSession, @Param('telegram_id', { schema: buyerIdSchema }) telegramId: number) {
    return erasureView(await this.erasures.erase(who.tenantId, telegramId, publicId('account', who.accountId)));
  }
}
