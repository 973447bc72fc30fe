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
  type ListBuyerViews,
  listBuyerViewsSchema,
  buyerViewListSchema,
  buyerViewSchema,
  type SaveBuyerView,
  savedBuyerView,
  saveBuyerViewSchema,
  type ShareBuyerView,
  shareBuyerViewSchema,
} from './buyer-views.schema.js';

const viewId = idOf('buyerView');

@ApiTags('Buyers')
@Controller('v1/buyer-views')
export class BuyerViewsController {
  constructor(
    private readonly db: Database,
    private readonly views: SavedViews,
  ) {}

  @Get()
  @Creator('self')
  @ApiOperation({ summary: 'List saved views of buyers', description: 'Yours and shared ones, newest first.' })
  @Answers(200, buyerViewListSchema, 'A page of views.')
  async list(@Who() who: CreatorSession, @Query({ schema: listBuyerViewsSchema }) query: ListBuyerViews) {
    const rows = await this.db.inTenant(who.tenantId, (tx) =>
      this.views.list(tx, 'buyers', who, query.limit + 1, cursorOf(query)),
    );
    return page(rows, query, savedBuyerView(who));
  }

  @Post()
  @Creator('self')
  @Refuses(TooManyViews)
  @ApiOperation({
    summary: 'Save a view of buyers',
    description:
      'One of yours with the same name is replaced. With `shared` every member sees it, whatever their role.',
  })
  @Answers(201, buyerViewSchema, 'The view.')
  async save(@Who() who: CreatorSession, @Body({ schema: saveBuyerViewSchema }) body: SaveBuyerView) {
    const wanted = { ...body, filters: filtersIn(body.filters) };
    return savedBuyerView(who)(
      await this.db.inTenant(who.tenantId, (tx) => this.views.save(tx, 'buyers', who, wanted)),
    );
  }

  @Patch(':id')
  @Creator('self')
  @Refuses(ViewNotYours)
  @ApiOperation({ summary: 'Share a view of yours, or stop sharing it' })
  @Answers(200, buyerViewSchema, 'The view as it is now.')
  async share(
    @Who() who: CreatorSession,
    @Param('id', { schema: viewId }) id: string,
    @Body({ schema: shareBuyerViewSchema }) { shared }: ShareBuyerView,
  ) {
    return savedBuyerView(who)(
      await this.db.inTenant(who.tenantId, (tx) => this.views.share(tx, 'buyers', who, id, shared)),
    );
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('self')
  @Refuses(ViewNotYours)
  @ApiOperation({
    summary: 'Remove a view of buyers',
    description: 'Your own; owners and admins also remove shared ones of other members. Buyers do not change.',
  })
  @ApiNoContentResponse({ description: 'No one has it any more.' })
  remove(@Who() who: CreatorSession, @Param('id', { schema: viewId }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.views.remove(tx, 'buyers', who, id));
  }
}
