import { Readable } from 'node:stream';
import { Controller, Get, Header, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OrderList } from '#libs/sales';
import { AS_OF, AS_OF_HEADERS, asOfView } from '../../http/as-of.js';
import { attachment } from '../../http/attachment.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { filterOf, type FileOrders, orderFileSchema } from './schemas.js';

@ApiTags('Orders')
@Controller('v1')
export class OrderFilesController {
  constructor(private readonly lists: OrderList) {}

  @Get('orders.csv')
  @Creator('orders:read')
  @Header('Cache-Control', 'private, no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiOperation({
    summary: 'Download a list of orders as CSV',
    description:
      'One line for each order, newest first, with the current names of its product and buyer. Text that a spreadsheet would take for a ' +
      'formula begins with an apostrophe. Ends early only if the connection breaks.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    schema: { type: 'string' },
    description: 'RFC 4180 with a header line, in UTF-8.',
    headers: AS_OF_HEADERS,
  })
  async export(
    @Who() { tenantId }: CreatorSession,
    @Query({ schema: orderFileSchema }) query: FileOrders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { asOf, pages } = await this.lists.csv(tenantId, filterOf(query));
    void reply.header(AS_OF, asOfView(asOf));
    const stream = Readable.from(pages, { objectMode: false });
    return new StreamableFile(stream, {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: attachment('orders.csv'),
    });
  }
}
