import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { NotInShop, productView, productViewSchema, ShopOrder } from '#libs/catalog';
import { Database } from '#libs/database';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Refuses } from '../../http/refuses.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { productListSchema } from './product-view.js';
import { type ListShop, listShopSchema, type PlaceProduct, placeProductSchema } from './shop-order.schema.js';

@ApiTags('Products')
@Controller('v1')
export class ShopOrderController {
  constructor(
    private readonly db: Database,
    private readonly shop: ShopOrder,
  ) {}

  @Get('bots/:id/products')
  @Creator('products:read')
  @ApiOperation({
    summary: "List a bot's products on sale in the order of its shop",
    description: 'By position, then oldest first; hidden products are included.',
  })
  @Answers(200, productListSchema, 'A page of products.')
  async list(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('bot') }) botId: string,
    @Query({ schema: listShopSchema }) query: ListShop,
  ) {
    const rows = await this.db.inTenant(who.tenantId, (tx) =>
      this.shop.list(tx, botId, query.limit + 1, cursorOf(query)),
    );
    return page(rows, query, productView);
  }

  @Post('products/:id/place')
  @HttpCode(200)
  @Creator('products:write')
  @Refuses(NotInShop)
  @ApiOperation({
    summary: 'Move a product in the shop',
    description:
      'Directly behind another product on sale of the same bot, or to the front. Other products keep their order; if there ' +
      'is no free `position`, they get new ones without an event. Idempotent.',
  })
  @Answers(200, productViewSchema, 'The product at its new position.')
  async place(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('product') }) id: string,
    @Body({ schema: placeProductSchema }) { after }: PlaceProduct,
  ) {
    return productView(await this.db.inTenant(who.tenantId, (tx) => this.shop.place(tx, id, after)));
  }
}
