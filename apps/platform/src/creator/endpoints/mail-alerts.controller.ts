import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailAlerts, mailAlertsView, mailAlertsViewSchema } from '#libs/delivery';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { type SetMailAlerts, setMailAlertsSchema } from './endpoints.schema.js';

@ApiTags('Webhook endpoints')
@Controller('v1/alerts/mail')
export class MailAlertsController {
  constructor(private readonly alerts: MailAlerts) {}

  @Get()
  @Creator('self')
  @ApiOperation({
    summary: 'Read which alerts you get by email',
    description: 'Yours, in this workspace. Owners and admins get `failures` and `warnings` until they choose.',
  })
  @Answers(200, mailAlertsViewSchema, 'Your alerts by email.')
  async get(@Who() who: CreatorSession) {
    return mailAlertsView(await this.alerts.get(who.tenantId, who));
  }

  @Put()
  @Creator('self')
  @ApiOperation({
    summary: 'Choose which alerts you get by email',
    description:
      'At most one email an hour of each kind. It says how many more alerts there were, and contains no names and ' +
      'no words of buyers. Nothing is sent to an address that is not confirmed.',
  })
  @Answers(200, mailAlertsViewSchema, 'Your alerts by email.')
  async set(@Who() who: CreatorSession, @Body({ schema: setMailAlertsSchema }) body: SetMailAlerts) {
    return mailAlertsView(await this.alerts.set(who.tenantId, who, body));
  }
}
