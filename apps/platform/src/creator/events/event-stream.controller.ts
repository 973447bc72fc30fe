import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { parseId } from '#libs/kernel';
import { Admission, Creator, type CreatorSession, Who } from '../../http/audience.js';
import { InvalidRequest } from '../../http/refusals.js';
import { Refuses } from '../../http/refuses.js';
import { TooManyStreams } from './event-stream.js';
import { EventStreams } from './event-streams.service.js';

@ApiTags('Events')
@Controller('v1/events')
export class EventStreamController {
  constructor(private readonly streams: EventStreams) {}

  @Get('stream')
  @Creator('orders:read')
  @Refuses(TooManyStreams)
  @ApiOperation({
    summary: 'Follow events as they happen',
    description:
      'Server-sent events: each has the `id` of the event, its type as `event`, and the same JSON as `GET /v1/events/{id}` ' +
      'without deliveries as `data`. After a broken connection, send the last id as `Last-Event-ID`: the stream continues ' +
      'there. Events come at least once, roughly in order; recognise repetitions by their id. A comment comes every 15 ' +
      'seconds. The stream ends when the credential does, when its reader is too slow, and after an hour; then reconnect. ' +
      'A workspace can have 20 streams. Send `Accept: text/event-stream`; otherwise the response ends after the events ' +
      'that were missed.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that you received. Without it, the stream begins with the next event.',
    schema: { type: 'string' },
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' }, description: 'A stream of events.' })
  async follow(
    @Who() { tenantId }: CreatorSession,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Admission() check: () => Promise<void>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const stays = accept?.includes('text/event-stream') ?? false;
    const begin = await this.streams.open({ tenantId, lastId: idIn(lastEventId), stays, check });
    const headers = { ...reply.getHeaders(), ...STREAM } as OutgoingHttpHeaders;
    reply.hijack();
    reply.raw.writeHead(200, headers);
    begin(reply.raw);
  }
}

const STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Otherwise an idle connection would hold up a stop.
  connection: 'close',
  // Proxies like nginx would hold frames back.
  'x-accel-buffering': 'no',
};

/** @throws InvalidRequest */
function idIn(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const id = parseId('event', header);
  if (id === undefined) throw new InvalidRequest([{ path: 'Last-Event-ID', message: 'must be the id of an event' }]);
  return id;
}
