import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import {
  CommitExceedsReservation,
  CreditReader,
  CreditService,
  InvalidCreditAmount,
  ReservationCommitted,
  ReservationExpired,
  ReservationOfOrder,
  ReservationReleased,
  reservationViewSchema,
} from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf } from '../../http/schema.js';
import { type Commit, commitSchema, releaseSchema } from './credits.schema.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const reservationId = idOf('creditReservation');

@ApiTags('Credits')
@Controller('v1/credit-reservations')
export class CreditReservationsController {
  constructor(
    private readonly db: Database,
    private readonly credits: CreditService,
    private readonly reader: CreditReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id')
  @Creator('credits:read')
  @ApiOperation({ summary: 'Read a reservation' })
  @Answers(200, reservationViewSchema, 'The reservation as it is now.')
  get(@Who() who: CreatorSession, @Param('id', { schema: reservationId }) id: string) {
    return this.db.inTenant(who.tenantId, (tx) => this.reader.reservation(tx, id, this.clock.now()));
  }

  @Post(':id/commit')
  @Creator('credits:write')
  @Refuses(
    ReservationOfOrder,
    CommitExceedsReservation,
    InvalidCreditAmount,
    ReservationCommitted,
    ReservationReleased,
    ReservationExpired,
  )
  @Idempotency({ required: true })
  @ApiOperation({
    summary: 'Spend the reserved credits, or a part of them',
    description:
      'Credits that are not committed are released. Committing twice has no further effect; 409 when it ' +
      'was released, has expired, or was committed with another amount.',
  })
  @Answers(200, reservationViewSchema, 'The reservation, committed.')
  async commit(
    @Who() who: CreatorSession,
    @Param('id', { schema: reservationId }) id: string,
    @Body({ schema: commitSchema }) { amount }: Commit,
    @IdempotencyKey() key: string,
  ) {
    const now = this.clock.now();
    const done = await this.db.inTenant(who.tenantId, (tx) => this.credits.commit(tx, id, amount, key, now));
    return done;
  }

  @Post(':id/release')
  @Creator('credits:write')
  @Refuses(ReservationOfOrder, ReservationCommitted)
  @Idempotency({ required: true })
  @ApiOperation({
    summary: 'Release the reserved credits',
    description:
      'Releasing twice has no further effect, and an expired reservation does not change; 409 when it was ' +
      'committed.',
  })
  @Answers(200, reservationViewSchema, 'The reservation, released.')
  async release(
    @Who() who: CreatorSession,
    @Param('id', { schema: reservationId }) id: string,
    @Body({ schema: releaseSchema }) _nothing: unknown,
    @IdempotencyKey() key: string,
  ) {
    const now = this.clock.now();
    const done = await this.db.inTenant(who.tenantId, (tx) => this.credits.release(tx, id, key, now));
    return done;
  }
}
