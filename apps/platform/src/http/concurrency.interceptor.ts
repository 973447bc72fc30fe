import type { ServerResponse } from 'node:http';
import { finished, type Readable } from 'node:stream';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DomainError, MINUTE, Turns } from '#libs/kernel';
import type { CreatorSession, StaffSession } from './audience.js';

/** Requests of one workspace in work at once in one process: a third of its connections to the database. */
const AT_ONCE = 4;
/** Beyond this the last in line would wait longer than a client does. */
const LINE = 100;
/** How many of those may be downloads, which last as long as their reader likes. */
const DOWNLOADS = 2;
/** Milliseconds in which a reader takes nothing of a download before it is cut off. */
const UNREAD_AT_MOST = MINUTE;

export class TooManyAtOnce extends DomainError {
  readonly code = 'too_many_at_once';
  readonly refusal = 'too_many';
  readonly remedy = 'Send fewer requests at the same time; wait for answers before you send more.';
  override readonly retryAfterSeconds = 1;

  constructor() {
    super('This workspace has too many requests under way.');
  }
}

export class TooManyDownloads extends DomainError {
  readonly code = 'too_many_downloads';
  readonly refusal = 'too_many';
  readonly remedy =
    `Read one of the other downloads to its end or break it off. At most ${DOWNLOADS} run at the same time.`;
  override readonly retryAfterSeconds = 5;

  constructor() {
    super(`This workspace has ${DOWNLOADS} downloads under way.`);
  }
}

type Request = FastifyRequest & { user?: CreatorSession; staff?: StaffSession };

/** What one workspace has under way in this process. */
interface Lane {
  readonly turns: Turns;
  downloads: number;
}

/**
 * Lets every workspace, however many credentials it has, and every member of staff have a few requests under way in a process: their
 * slow questions wait for one another and not for a neighbour's. A download counts until its last byte has been taken.
 */
@Injectable()
export class ConcurrencyInterceptor implements NestInterceptor {
  private readonly lanes = new Map<string, Lane>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const { user, staff } = http.getRequest<Request>();
    const whose = user?.tenantId ?? staff?.staffId;
    if (whose === undefined) return next.handle();
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    return from(this.inTurn(whose, work, http.getResponse<FastifyReply>().raw));
  }

  private async inTurn(whose: string, work: () => Promise<unknown>, response: ServerResponse): Promise<unknown> {
    const lane = this.lanes.get(whose) ?? { turns: new Turns(AT_ONCE, LINE), downloads: 0 };
    this.lanes.set(whose, lane);
    const leave = await lane.turns.enter(() => new TooManyAtOnce());
    const end = () => {
      leave();
      if (lane.turns.idle) this.lanes.delete(whose);
    };
    try {
      const answer = await work();
      const stream = downloadIn(answer);
      if (stream === undefined) end();
      else follow(lane, stream, response, end);
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  }
}

/** What is still to be read of an answer; undefined when it is in memory already. */
function downloadIn(answer: unknown): Readable | undefined {
  if (!(answer instanceof StreamableFile)) return undefined;
  const stream = answer.getStream();
  return stream.readableLength === answer.getHeaders().length ? undefined : stream;
}

/** @throws TooManyDownloads, and then the stream is not read */
function follow(lane: Lane, stream: Readable, response: ServerResponse, end: () => void): void {
  if (lane.downloads >= DOWNLOADS) {
    stream.destroy();
    throw new TooManyDownloads();
  }
  lane.downloads += 1;
  // On a connection on which nothing moves for so long; the stream ends with it.
  response.setTimeout(UNREAD_AT_MOST, () => response.destroy());
  finished(stream, () => {
    lane.downloads -= 1;
    end();
  });
}
