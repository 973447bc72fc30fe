import { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { periodOf, StatementService, InvalidPeriod } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { AS_OF, AS_OF_HEADERS, asOfView } from '../../http/as-of.js';
import { idOf } from '../../http/schema.js';
import { attachment } from '../../http/attachment.js';
import {
  statementFile,
  type StatementQuery,
  statementQuerySchema,
  statementSchema,
  statementView,
} from './statements.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const botId = idOf('bot');

@ApiTags('Statements')
@Controller('v1/bots')
export class StatementsController {
  constructor(private readonly statements: StatementService) {}

  @Get(':id/statement')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: "Read a bot's income and refunds in a period",
    description: 'From the ledger, by the time of recording. Fees are unknown to Starwall and not included.',
  })
  @Answers(200, statementSchema, 'The totals.')
  async totals(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Query({ schema: statementQuerySchema }) { from, to }: StatementQuery,
  ) {
    const period = periodOf(from, to);
    return statementView(id, period, await this.statements.statement(who.tenantId, id, period));
  }

  @Get(':id/statement.csv')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @Header('Cache-Control', 'private, no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiOperation({
    summary: 'Download the statement as CSV, line by line',
    description:
      'One line for each charge and each refund, in the order of recording; the column `stars` adds up to ' +
      '`net`, and `given_away`, the discounts by promo codes, to that of the document. Text that a ' +
      'spreadsheet would take for a formula begins with an apostrophe. Ends early only when the connection ' +
      'breaks.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    schema: { type: 'string' },
    description: 'RFC 4180 with a header line, in UTF-8.',
    headers: AS_OF_HEADERS,
  })
  async csv(
    @Who() who: CreatorSession,
    @Param('id', { schema: botId }) id: string,
    @Query({ schema: statementQuerySchema }) { from, to }: StatementQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const period = periodOf(from, to);
    const { asOf, pages } = await this.statements.csv(who.tenantId, id, period);
    void reply.header(AS_OF, asOfView(asOf));
    const stream = Readable.from(pages, { objectMode: false });
    return new StreamableFile(stream, {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: attachment(statementFile(id, period)),
    });
  }
}
