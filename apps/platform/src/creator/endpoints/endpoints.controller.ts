import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { EndpointService } from '#libs/delivery';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf, page } from '../../http/schema.js';
import {
  type CreateEndpoint,
  createEndpointSchema,
  deliveryListSchema,
  deliveryView,
  endpointListSchema,
  endpointView,
  endpointViewSchema,
  type ListDeliveries,
  listDeliveriesSchema,
  newEndpointViewSchema,
  type UpdateEndpoint,
  updateEndpointSchema,
} from './endpoints.schema.js';

const endpointId = idOf('endpoint');

@ApiTags('Webhook endpoints')
@Controller('v1/endpoints')
export class EndpointsController {
  constructor(
    private readonly db: Database,
    private readonly endpoints: EndpointService,
  ) {}

  @Post()
  @Idempotency({ callsOut: true })
  @Creator('endpoints:write')
  @ApiOperation({
    summary: 'Have your server told what happens',
    description:
      'Events are posted as Standard Webhooks 1.0.0, signed with the secret of this answer. What is not answered with 2xx ' +
      'within 15 seconds is tried again, ten times over about three days.',
  })
  @ApiCreatedResponse({ standardSchema: newEndpointViewSchema, description: 'The endpoint, once with its secret.' })
  async create(@Who() who: CreatorSession, @Body({ schema: createEndpointSchema }) body: CreateEndpoint) {
    const { url, description, event_types: eventTypes } = body;
    const { endpoint, secret } = await this.endpoints.create(who.tenantId, { url, description, eventTypes });
    return { ...endpointView(endpoint), secret };
  }

  @Get()
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'List endpoints, newest first', description: 'All of them: there are at most ten.' })
  @ApiOkResponse({ standardSchema: endpointListSchema, description: 'Every endpoint.' })
  async list(@Who() who: CreatorSession) {
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.endpoints.list(tx));
    return page(rows, rows.length, endpointView);
  }

  @Get(':id')
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'Read an endpoint' })
  @ApiOkResponse({ standardSchema: endpointViewSchema, description: 'The endpoint, without its secret.' })
  async get(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string) {
    return endpointView(await this.db.inTenant(who.tenantId, (tx) => this.endpoints.get(tx, id)));
  }

  @Patch(':id')
  @Idempotency({ callsOut: true })
  @Creator('endpoints:write')
  @ApiOperation({ summary: 'Change, pause or enable an endpoint' })
  @ApiOkResponse({ standardSchema: endpointViewSchema, description: 'The endpoint as it is now.' })
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Body({ schema: updateEndpointSchema }) body: UpdateEndpoint,
  ) {
    const { url, description, event_types: eventTypes, state } = body;
    return endpointView(await this.endpoints.update(who.tenantId, id, { url, description, eventTypes, state }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('endpoints:write')
  @ApiOperation({ summary: 'Delete an endpoint and the log of its deliveries' })
  @ApiNoContentResponse({ description: 'It is gone; what was still on its way to it is not sent.' })
  async remove(@Who() who: CreatorSession, @Param('id', { schema: endpointId }) id: string): Promise<void> {
    await this.endpoints.remove(who.tenantId, id);
  }

  @Get(':id/deliveries')
  @Creator('endpoints:read')
  @ApiOperation({ summary: 'What was sent to an endpoint, with every attempt, newest first' })
  @ApiOkResponse({ standardSchema: deliveryListSchema, description: 'A page of deliveries.' })
  async deliveries(
    @Who() who: CreatorSession,
    @Param('id', { schema: endpointId }) id: string,
    @Query({ schema: listDeliveriesSchema }) query: ListDeliveries,
  ) {
    const { limit, starting_after: after } = query;
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.endpoints.deliveries(tx, id, limit, after));
    return page(rows, limit, deliveryView);
  }
}
