import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { ProblemReader } from '#libs/operations';
import { BotService } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { problemListSchema, problemListView } from './problems.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Bots')
@Controller('v1/bots')
export class ProblemsController {
  constructor(
    private readonly db: Database,
    private readonly bots: BotService,
    private readonly problems: ProblemReader,
  ) {}

  @Get(':id/problems')
  @Creator('bots:read')
  @ApiOperation({
    summary: 'List unresolved problems of a bot',
    description:
      'Failures that have not been resolved: your server refuses to make goods, Telegram refuses a refund ' +
      'or does not admit a buyer, an endpoint fails, a job was given up. Each was also reported by an ' +
      'event. An empty list means that nothing is waiting.',
  })
  @Answers(200, problemListSchema, 'The problems, oldest first.')
  async list(@Who() who: CreatorSession, @Param('id', { schema: idOf('bot') }) id: string) {
    const bot = await this.bots.get(who.tenantId, id);
    return problemListView(await this.db.inTenant(who.tenantId, (tx) => this.problems.of(tx, bot.id)));
  }
}
