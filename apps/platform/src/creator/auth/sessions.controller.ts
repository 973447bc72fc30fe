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

/** Like logging out: sessions belong to the platform, and ending one can be repeated safely. */
const OF_THE_PLATFORM = { callsOut: true };

@ApiTags('Account')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionService) {}

  @Get()
  @Creator('self')
  @ApiOperation({
    summary: 'List your sessions, newest first',
    description:
      'All places where you are logged in, in all workspaces. Of each address only 24 bits (IPv6: 48) are stored.',
  })
  @Answers(200, openSessionListSchema, 'A page of open sessions.')
  async list(@Who() who: CreatorSession, @Query({ schema: listSessionsSchema }) query: ListSessions) {
    const rows = await this.sessions.list(who.accountId, query.limit, cursorOf(query));
    return page(rows, query, (row) => openSessionView(row, who.credentialId));
  }

  @Delete(':id')
  @HttpCode(204)
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @ApiOperation({ summary: 'End one of your sessions', description: 'Ending this session logs you out.' })
  @ApiNoContentResponse({ description: 'All its tokens stop working within five seconds.' })
  end(@Who() who: CreatorSession, @Param('id', { schema: idOf('session') }) id: string): Promise<void> {
    return this.sessions.end(who.accountId, id);
  }

  @Post('revoke-others')
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @ApiOperation({ summary: 'End all your sessions but this one' })
  @Answers(200, endedSessionsSchema, 'The number of ended sessions.')
  async endOthers(@Who() who: CreatorSession) {
    const count = await this.sessions.endOthers(who.accountId, who.credentialId);
    return { object: 'ended_sessions' as const, count };
  }
}
