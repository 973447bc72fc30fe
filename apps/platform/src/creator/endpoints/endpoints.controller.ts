import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import {
  EndpointDisabled,
  EndpointLog,
  EndpointResend,
  EndpointService,
  endpointView,
  endpointViewSchema,
  UnsafeAddress,
} from '#libs/delivery';
import { publicId } from '#libs/kernel';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type CreateEndpoint,
  createEndpointSchema,
  deliveryListSchema,
  deliveryView,
  deliveryViewSchema,
  endpointListSchema,
  type ListDeliveries,
  listDeliveriesSchema,
  newEndpointViewSchema,
  type Resend,
  resendSchema,
  resentSchema,
  testSentSchema,
  type UpdateEndpoint,
  updateEndpointSchema,
} from './endpoints.schema.js';
import { Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { Answers } from '../../http/answers.js';

const endpointId = idOf('endpoint');
const deliveryId = idOf('delivery');

@ApiTags('Webhook endpoints')
@Controller('v1/endpoints')
export class EndpointsController {
  constructor(
    private readonly db: Database,
    private readonly endpoints: EndpointService,
    private readonly log: EndpointLog,
    private readonly resends: EndpointResend,
  ) {}

  @Post()
  @Idempotency({ prepares: true })
  @Creator('endpoints:write')
  @Refuses(QuotaExhausted, UnsafeAddress)
  @ApiOperation({
    summary: 'Register an endpoint for webhooks',
    description:
      'Events are posted as Standard Webhooks 1.0.0, signed with the secret in this response. A delivery ' +
      'that is not answered with 2xx within 15 seconds is retried, ten times over about three days.',
  })
  @Answers(201, newEndpointViewSchema, 'The endpoint with its secret, which is shown only here.')
  async create(@Who() who: CreatorSession, @Body({ schema: createEndpointSchema }) body: CreateEndpoint) {
    const { url, description, event_types: eventTypes, metadata } = body;
    const wish = { url: await this.endpoints.vet(url), description, eventTypes, metadata };
    return new Commit(async () => {
      const { endpoint, secret } = await this.db.inTenant(who.tenantId, (tx) => this.endpoints.create(tx, wish));
      return { ...endpointView(endpoint), secret };
    });
  }

  @Get()
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'List endpoints, newest first', description: 'All of them: there are at most ten.' })
  @Answers(200, endpointListSchema, 'Every endpoint.')
  async list(@Who() who: CreatorSession) {
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.endpoints.list(tx));
    return page(rows, rows.length, endpointView);
  }

  @Get(':id')
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'Read an endpoint' })
  @Answers(200, endpointViewSchema, 'The endpoint, without its secret.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string) {
    return endpointView(await this.db.inTenant(who.tenantId, (tx) => this.endpoints.get(tx, id)));
  }

  @Patch(':id')
  @Idempotency({ callsOut: true })
  @Creator('endpoints:write')
  @Refuses(UnsafeAddress)
  @ApiOperation({ summary: 'Change, pause or enable an endpoint' })
  @Answers(200, endpointViewSchema, 'The endpoint as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Body({ schema: updateEndpointSchema }) body: UpdateEndpoint,
  ) {
    const { url, description, event_types: eventTypes, state, metadata } = body;
    const change = { url, description, eventTypes, state, metadata };
    return endpointView(await this.endpoints.update(who.tenantId, id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('endpoints:write')
  @ApiOperation({ summary: 'Delete an endpoint and the log of its deliveries' })
  @ApiNoContentResponse({ description: 'The endpoint is deleted; pending deliveries are not sent.' })
  async remove(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string): Promise<void> {
    await this.endpoints.remove(who.tenantId, id);
  }

  @Get(':id/deliveries')
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'List the deliveries of an endpoint with every attempt, newest first' })
  @Answers(200, deliveryListSchema, 'A page of deliveries.')
  async deliveries(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Query({ schema: listDeliveriesSchema }) query: ListDeliveries,
  ) {
    const filter = { state: query.state, limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.log.list(tx, id, filter)), query, deliveryView);
  }

  @Get(':id/deliveries/:delivery_id')
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'Read a delivery with every attempt' })
  @Answers(200, deliveryViewSchema, 'The delivery.')
  async delivery(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Param('delivery_id', { schema: deliveryId }) delivery: string,
  ) {
    return deliveryView(await this.db.inTenant(who.tenantId, (tx) => this.log.get(tx, id, delivery)));
  }

  @Post(':id/deliveries/:delivery_id/resend')
  @Creator('endpoints:write')
  @Refuses(EndpointDisabled)
  @ApiOperation({
    summary: 'Send a delivery again',
    description: 'In any state, with ten new attempts. It keeps its `webhook-id`.',
  })
  @Answers(202, deliveryViewSchema, 'The delivery, pending.')
  async resendOne(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Param('delivery_id', { schema: deliveryId }) delivery: string,
  ) {
    await this.resends.one(who.tenantId, id, delivery);
    return this.delivery(who, id, delivery);
  }

  @Post(':id/resend')
  @Creator('endpoints:write')
  @Refuses(EndpointDisabled)
  @ApiOperation({
    summary: 'Send failed or missing deliveries again',
    description: 'Oldest first, up to 1000 deliveries. While `has_more` is true, repeat the request.',
  })
  @Answers(202, resentSchema, 'The number of pending deliveries.')
  async resend(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Body({ schema: resendSchema }) { mode, since }: Resend,
  ) {
    const { resent, more } = await this.resends.all(who.tenantId, id, mode, since);
    return { object: 'resent' as const, count: resent, has_more: more };
  }

  @Post(':id/test')
  @Creator('endpoints:write')
  @Refuses(EndpointDisabled)
  @ApiOperation({
    summary: 'Send a test event',
    description: 'An `endpoint.test` with the endpoint as its object, to this endpoint only, regardless of its filter.',
  })
  @Answers(202, testSentSchema, 'The delivery is pending.')
  async test(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string) {
    const event = await this.resends.test(who.tenantId, id);
    return { object: 'test' as const, event_id: publicId('event', event) };
  }

  @Post(':id/rotate-secret')
  @Creator('endpoints:write')
  @ApiOperation({
    summary: 'Rotate the signing secret',
    description:
      'For 24 hours `webhook-signature` contains one signature with the new secret and one with the old, ' +
      'so either secret verifies it.',
  })
  @Answers(200, newEndpointViewSchema, 'The endpoint with its new secret, which is shown only here.')
  async rotateSecret(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string) {
    const { endpoint, secret } = await this.endpoints.rotateSecret(who.tenantId, id);
    return { ...endpointView(endpoint), secret };
  }
}
