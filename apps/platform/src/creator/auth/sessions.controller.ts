import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionService } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  endedSessionsSchema,
  type ListSessions,
  listSessionsSchema,
  openSessionListSchema,
  openSessionView,
} from './sessions.schema.js';
import { Answers } from '../../http/answers.js';

/** As with logging out: sessions belong to the platform, and ending one may be repeated. */
const OF_THE_PLATFORM = { callsOut: true };

@ApiTags('Account')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionService) {}

  @Get()
  @Creator('self')
  @ApiOperation({
    summary: 'List your sessions, newest first',
    description: 'Everywhere where you are logged in, in all workspaces. Of the address 24 bits (IPv6: 48) are kept.',
  })
  @Answers(200, openSessionListSchema, 'A page of sessions that have not ended.')
  async list(@Who() who: CreatorSession, @Query({ schema: listSessionsSchema }) query: ListSessions) {
    const rows = await this.sessions.list(who.accountId, query.limit, cursorOf(query));
    return page(rows, query, (row) => openSessionView(row, who.credentialId));
  }

  @Delete(':id')
  @HttpCode(204)
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @ApiOperation({ summary: 'End one of your sessions', description: 'This one, too: then it is logging out.' })
  @ApiNoContentResponse({ description: 'All its tokens end with it, after five seconds at most.' })
  end(@Who() who: CreatorSession, @Param('id', { schema: idOf('session') }) id: string): Promise<void> {
    return this.sessions.end(who.accountId, id);
  }

  @Post('revoke-others')
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @ApiOperation({ summary: 'End all your sessions but this one' })
  @Answers(200, endedSessionsSchema, 'How many there were.')
  async endOthers(@Who() who: CreatorSession) {
    const count = await this.sessions.endOthers(who.accountId, who.credentialId);
    return { object: 'ended_sessions' as const, count };
  }
}
