import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { SearchService } from '#libs/support';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { page } from '../../http/schema.js';
import { type Search, searchResultsSchema, searchResultView, searchSchema } from './search.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Support')
@Controller('v1/search')
export class SearchController {
  constructor(
    private readonly db: Database,
    private readonly searches: SearchService,
  ) {}

  @Get()
  @Creator('support:read')
  @ApiOperation({
    summary: 'Find a buyer, an order or a charge by an id or name',
    description: 'At most 50 of each kind. `has_more` is always false, because matches are exact.',
  })
  @Answers(200, searchResultsSchema, 'All matches, possibly none.')
  async find(@Who() who: CreatorSession, @Query({ schema: searchSchema }) { q }: Search) {
    const found = await this.db.inTenant(who.tenantId, (tx) => this.searches.find(tx, q));
    return page(found, found.length, searchResultView);
  }
}
