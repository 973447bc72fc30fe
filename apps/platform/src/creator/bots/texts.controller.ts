import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { BotNotInState, botTextSchema, BotTextService, botTextView, InvalidText, TooManyTexts } from '#libs/tenants';
import type { Language, OwnKey } from '#libs/texts';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  allTexts,
  botTextListSchema,
  keyParameter,
  languageParameter,
  type ListBotTexts,
  listBotTextsSchema,
  type PutText,
  putTextSchema,
  textListSchema,
  type TextPlaceQuery,
  textPlaceQuery,
} from './texts.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const botId = idOf('bot');

@ApiTags('Texts')
@Controller('v1')
export class TextsController {
  constructor(
    private readonly db: Database,
    private readonly texts: BotTextService,
  ) {}

  @Get('texts')
  @Creator('bots:read')
  @ApiOperation({
    summary: 'List everything that a bot can say',
    description:
      'Each text with its default wording, its limit and its placeholders. Buyers read English or Russian, ' +
      'according to the language of their app, and English for all other languages.',
  })
  @Answers(200, textListSchema, 'All of them.')
  all() {
    return allTexts();
  }

  @Get('bots/:id/texts')
  @Creator('bots:read')
  @ApiOperation({ summary: 'List the texts that you have reworded, newest first' })
  @Answers(200, botTextListSchema, 'A page of texts.')
  async list(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Query({ schema: listBotTextsSchema }) query: ListBotTexts,
  ) {
    const { product_id: productId, language, limit } = query;
    const filter = { productId, language, limit: limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.texts.list(tx, id, filter)), query, botTextView);
  }

  @Put('bots/:id/texts/:language/:key')
  @Creator('bots:write')
  @Refuses(InvalidText, BotNotInState, TooManyTexts)
  @ApiOperation({
    summary: 'Reword a text',
    description:
      "For the whole bot, or for one product: a text about that product prefers the product's words. " +
      "`product.title` and `product.description` are a product's title and description in that language. " +
      '`unit.<unit>.<form>` is the name of a unit of credits after a number: in English the forms `one` ' +
      'and `other` ("scan", "scans"), in Russian `one`, `few` and `many`; `other` replaces missing forms. ' +
      'The bot uses new words within seconds; the menu and the profile are updated at Telegram.',
  })
  @Answers(200, botTextSchema, 'The text that buyers now read.')
  async put(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Param('language', { schema: languageParameter }) language: Language,
    @Param('key', { schema: keyParameter }) key: OwnKey,
    @Body({ schema: putTextSchema }) body: PutText,
  ) {
    const place = { botId: id, productId: body.product_id ?? null, language, key };
    return botTextView(await this.texts.put(who.tenantId, place, body.text));
  }

  @Delete('bots/:id/texts/:language/:key')
  @HttpCode(204)
  @Creator('bots:write')
  @Refuses(BotNotInState)
  @ApiOperation({ summary: 'Restore the default wording' })
  @ApiNoContentResponse({ description: 'The default wording is restored.' })
  remove(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Param('language', { schema: languageParameter }) language: Language,
    @Param('key', { schema: keyParameter }) key: OwnKey,
    @Query({ schema: textPlaceQuery }) query: TextPlaceQuery,
  ): Promise<void> {
    const place = { botId: id, productId: query.product_id ?? null, language, key };
    return this.texts.remove(who.tenantId, place);
  }
}
