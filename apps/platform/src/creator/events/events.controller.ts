import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { EndpointLog, EndpointResend, eventView, EndpointDisabled } from '#libs/delivery';
import { EventStore, type RecordedEvent } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK, type Config, CONFIG } from '#libs/runtime';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { deliveryView, resentSchema } from '../endpoints/endpoints.schema.js';
import {
  eventListSchema,
  fullEventViewSchema,
  type ListEvents,
  listEventsSchema,
  type ResendEvent,
  resendEventSchema,
  TestModeOnly,
  type Trigger,
  triggeredSchema,
  triggerSchema,
} from './events.schema.js';
import { samplesAt } from './samples.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const eventId = idOf('event');

@ApiTags('Events')
@Controller('v1/events')
export class EventsController {
  private readonly livemode: boolean;

  constructor(
    private readonly db: Database,
    private readonly events: EventStore,
    private readonly log: EndpointLog,
    private readonly resends: EndpointResend,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.livemode = config.livemode;
  }

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List events, newest first', description: 'Events are kept for at least 90 days.' })
  @Answers(200, eventListSchema, 'A page of events.')
  async list(@Who() who: CreatorSession, @Query({ schema: listEventsSchema }) query: ListEvents) {
    const { type, order_id: orderId, created_after: from, created_before: to } = query;
    const filter = { types: type && [type], orderId, from, to, limit: query.limit + 1, ...cursorOf(query) };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.events.list(tx, filter));
    return page(rows, query, (row) => this.view(row));
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read an event and its deliveries' })
  @Answers(200, fullEventViewSchema, 'The event with its deliveries.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: eventId }) id: string) {
    const [event, deliveries] = await this.db.inTenant(who.tenantId, (tx) =>
      Promise.all([this.events.get(tx, id), this.log.ofEvent(tx, id)]),
    );
    return { ...this.view(event), deliveries: deliveries.map(deliveryView) };
  }

  @Post('trigger')
  @Creator('endpoints:write')
  @Refuses(TestModeOnly)
  @ApiOperation({
    summary: 'Send an event of any type as a test',
    description:
      'For testing a receiver, in test mode only. It has the fields of a real event, `livemode: false`, ' +
      'and ids that consist of zeros (`ord_00000000000000000000000000`); it describes nothing real and has ' +
      'no effects. It goes to every endpoint that subscribes to its type, and is listed like every event. ' +
      '`endpoint.test` of one endpoint, which also works in live mode, is POST /v1/endpoints/{id}/test.',
  })
  @Answers(202, triggeredSchema, 'The number of endpoints to which it is being sent.')
  async trigger(@Who() who: CreatorSession, @Body({ schema: triggerSchema }) { type }: Trigger) {
    if (this.livemode) throw new TestModeOnly();
    const { id, count } = await this.resends.trigger(who.tenantId, { type, ...samplesAt(this.clock.now())[type] });
    return { object: 'triggered' as const, event_id: publicId('event', id), count };
  }

  @Post(':id/resend')
  @Creator('endpoints:write')
  @Refuses(EndpointDisabled)
  @ApiOperation({ summary: 'Send an event again', description: 'It keeps its `webhook-id` and gets a new signature.' })
  @Answers(202, resentSchema, 'The number of endpoints to which it is being sent.')
  async resend(
    @Who() who: CreatorSession,
    @Param('id', { schema: eventId }) id: string,
    @Body({ schema: resendEventSchema }) body: ResendEvent,
  ) {
    const count = await this.resends.event(who.tenantId, id, body.endpoint_id);
    return { object: 'resent' as const, count, has_more: false };
  }

  private view(event: RecordedEvent) {
    return eventView(event, this.livemode);
  }
}
