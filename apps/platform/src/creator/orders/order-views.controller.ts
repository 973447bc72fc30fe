import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { SavedViews, TooManyViews, ViewNotYours } from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Refuses } from '../../http/refuses.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { filtersIn } from '../views.schema.js';
import {
  type ListOrderViews,
  listOrderViewsSchema,
  orderViewListSchema,
  orderViewSchema,
  type SaveOrderView,
  savedView,
  saveOrderViewSchema,
  type ShareOrderView,
  shareOrderViewSchema,
} from './order-views.schema.js';

const viewId = idOf('orderView');

@ApiTags('Orders')
@Controller('v1/order-views')
export class OrderViewsController {
  constructor(
    private readonly db: Database,
    private readonly views: SavedViews,
  ) {}

  @Get()
  @Creator('self')
  @ApiOperation({ summary: 'List saved views of orders', description: 'Yours and shared ones, newest first.' })
  @Answers(200, orderViewListSchema, 'A page of views.')
  async list(@Who() who: CreatorSession, @Query({ schema: listOrderViewsSchema }) query: ListOrderViews) {
    const rows = await this.db.inTenant(who.tenantId, (tx) =>
      this.views.list(tx, 'orders', who, query.limit + 1, cursorOf(query)),
    );
    return page(rows, query, savedView(who));
  }

  @Post()
  @Creator('self')
  @Refuses(TooManyViews)
  @ApiOperation({
    summary: 'Save a view of orders',
    description:
      'One of yours with the same name is replaced. With `shared` every member sees it, whatever their role.',
  })
  @Answers(201, orderViewSchema, 'The view.')
  async save(@Who() who: CreatorSession, @Body({ schema: saveOrderViewSchema }) body: SaveOrderView) {
    const wanted = { ...body, filters: filtersIn(body.filters) };
    return savedView(who)(await this.db.inTenant(who.tenantId, (tx) => this.views.save(tx, 'orders', who, wanted)));
  }

  @Patch(':id')
  @Creator('self')
  @Refuses(ViewNotYours)
  @ApiOperation({ summary: 'Share one of your views, or stop sharing it' })
  @Answers(200, orderViewSchema, 'The view as it is now.')
  async share(
    @Who() who: CreatorSession,
    @Param('id', { schema: viewId }) id: string,
    @Body({ schema: shareOrderViewSchema }) { shared }: ShareOrderView,
  ) {
    return savedView(who)(
      await this.db.inTenant(who.tenantId, (tx) => this.views.share(tx, 'orders', who, id, shared)),
    );
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('self')
  @Refuses(ViewNotYours)
  @ApiOperation({
    summary: 'Remove a view of orders',
    description: 'Your own; owners and admins also remove shared ones of other members. Orders do not change.',
  })
  @ApiNoContentResponse({ description: 'No one has it any more.' })
  remove(@Who() who: CreatorSession, @Param('id', { schema: viewId }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.views.remove(tx, 'orders', who, id));
  }
}
