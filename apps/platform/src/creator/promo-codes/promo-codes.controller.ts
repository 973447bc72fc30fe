import { Body, Controller, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { PromoService, InvalidPromoCode, PromoCodeTaken } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type CreatePromo,
  createPromoSchema,
  type ListPromos,
  listPromosSchema,
  newPromoOf,
  promoChangeOf,
  promoListSchema,
  promoView,
  promoViewSchema,
  type UpdatePromo,
  updatePromoSchema,
} from './promo-codes.schema.js';
import { Refuses } from '../../http/refuses.js';
import { NotFound } from '#libs/kernel';
import { Answers } from '../../http/answers.js';

const promoId = idOf('promoCode');

@ApiTags('Promo codes')
@Controller('v1/promo-codes')
export class PromoCodesController {
  constructor(
    private readonly db: Database,
    private readonly promos: PromoService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Creator('products:write')
  @Refuses(NotFound, PromoCodeTaken, InvalidPromoCode)
  @ApiOperation({
    summary: 'Create a promo code',
    description:
      'Buyers send `/promo CODE` to the bot, or follow `https://t.me/<bot>?start=promo_CODE`. From then on ' +
      'their purchases are invoiced at the lower price for as long as the code is valid. A use is counted ' +
      "when a payment is approved, and returned when the order ends unpaid or is refunded. A code's " +
      'discount never changes: create another one instead.',
  })
  @Answers(201, promoViewSchema, 'The code, active.')
  async create(@Who() { tenantId }: CreatorSession, @Body({ schema: createPromoSchema }) body: CreatePromo) {
    const now = this.clock.now();
    const promo = await this.db.inTenant(tenantId, (tx) => this.promos.create(tx, newPromoOf(body), now));
    return promoView({ promo, paid: 0, givenAway: 0 });
  }

  @Get()
  @Creator('products:read')
  @ApiOperation({ summary: 'List promo codes, newest first' })
  @Answers(200, promoListSchema, 'A page of promo codes.')
  async list(@Who() { tenantId }: CreatorSession, @Query({ schema: listPromosSchema }) query: ListPromos) {
    const filter = { botId: query.bot_id, state: query.state, limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(tenantId, (tx) => this.promos.list(tx, filter)), query, promoView);
  }

  @Get(':id')
  @Creator('products:read')
  @ApiOperation({ summary: 'Read a promo code with its uses and discounts' })
  @Answers(200, promoViewSchema, 'The promo code.')
  async get(@Who() { tenantId }: CreatorSession, @Param('id', { schema: promoId }) id: string) {
    return promoView(await this.db.inTenant(tenantId, (tx) => this.promos.get(tx, id)));
  }

  @Patch(':id')
  @Creator('products:write')
  @Refuses(InvalidPromoCode)
  @ApiOperation({ summary: 'Change the limits and dates of a promo code', description: 'null removes a limit.' })
  @Answers(200, promoViewSchema, 'The promo code as it is now.')
  async update(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: promoId }) id: string,
    @Body({ schema: updatePromoSchema }) body: UpdatePromo,
  ) {
    const [change, now] = [promoChangeOf(body), this.clock.now()];
    return promoView(await this.db.inTenant(tenantId, (tx) => this.promos.change(tx, id, change, now)));
  }

  @Post(':id/archive')
  @Creator('products:write')
  @ApiOperation({ summary: 'End a promo code' })
  @Answers(200, promoViewSchema, 'The promo code, archived.')
  async archive(@Who() { tenantId }: CreatorSession, @Param('id', { schema: promoId }) id: string) {
    const now = this.clock.now();
    return promoView(await this.db.inTenant(tenantId, (tx) => this.promos.setState(tx, id, 'archived', now)));
  }

  @Post(':id/activate')
  @Creator('products:write')
  @ApiOperation({ summary: 'Reactivate an archived promo code' })
  @Answers(200, promoViewSchema, 'The promo code, active.')
  async activate(@Who() { tenantId }: CreatorSession, @Param('id', { schema: promoId }) id: string) {
    const now = this.clock.now();
    return promoView(await this.db.inTenant(tenantId, (tx) => this.promos.setState(tx, id, 'active', now)));
  }
}
