import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/audience.js';
import { From, type Origin } from '../../http/origin.js';
import { type EndVisit, endVisitSchema } from './staff-tenants.schema.js';
import { StaffVisits } from './staff-visits.service.js';

@ApiTags('Staff: workspaces')
@Controller('v1/staff/visits')
export class StaffVisitsController {
  constructor(private readonly visits: StaffVisits) {}

  @Post('end')
  @HttpCode(204)
  @Public('the token of the impersonation is the credential')
  @ApiOperation({
    summary: 'End an impersonation',
    description:
      'Its access token is refused from then on. The workspace sees it in its audit log. A token that is no longer valid ' +
      'counts as ended.',
  })
  @ApiNoContentResponse({ description: 'The impersonation has ended.' })
  end(@Body({ schema: endVisitSchema }) { access_token: token }: EndVisit, @From() origin: Origin): Promise<void> {
    return this.visits.end(token, origin);
  }
}
