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

/** Concurrent requests of one workspace in one process: a third of its database connections. */
const AT_ONCE = 4;
/** Maximum number of waiting requests: beyond this, the last ones would wait longer than clients do. */
const LINE = 100;
/** Maximum number of downloads among them, whose duration depends on the reader. */
const DOWNLOADS = 2;
/** Additional concurrent uploads, whose duration depends on the sender. Each needs the database only at its end. */
const UPLOADS = 2;
/** Milliseconds after which a download that is not being read is cut off. */
const UNREAD_AT_MOST = MINUTE;

export class TooManyAtOnce extends DomainError {
  static readonly code = 'too_many_at_once';
  static readonly refusal = 'too_many';
  readonly remedy = 'Send fewer requests at the same time; wait for responses before you send more.';
  override readonly retryAfterSeconds = 1;

  constructor() {
    super('This workspace has too many concurrent requests.');
  }
}

export class TooManyUploads extends DomainError {
  static readonly code = 'too_many_uploads';
  static readonly refusal = 'too_many';
  readonly remedy = `Wait until one of the other uploads has ended. At most ${UPLOADS} run at the same time.`;
  override readonly retryAfterSeconds = 5;

  constructor() {
    super(`This workspace already has ${UPLOADS} concurrent uploads.`);
  }
}

export class TooManyDownloads extends DomainError {
  static readonly code = 'too_many_downloads';
  static readonly refusal = 'too_many';
  readonly remedy = `Finish or abort one of the other downloads. At most ${DOWNLOADS} run at the same time.`;
  override readonly retryAfterSeconds = 5;

  constructor() {
    super(`This workspace already has ${DOWNLOADS} concurrent downloads.`);
  }
}

type Request = FastifyRequest & { user?: CreatorSession; staff?: StaffSession };

/** One workspace's requests in this process. */
interface Lane {
  readonly turns: Turns;
  readonly uploads: Turns;
  downloads: number;
}

/**
 * Limits the concurrent requests of each workspace, regardless of its number of credentials, and of each member of
 * staff in a process: their slow requests delay one another and not those of others. A download counts until its last
 * byte was read. Uploads have a separate limit, so that slow ones block no other requests.
 */
@Injectable()
export class ConcurrencyInterceptor implements NestInterceptor {
  private readonly lanes = new Map<string, Lane>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const whose = request.user?.tenantId ?? request.staff?.staffId;
    if (whose === undefined) return next.handle();
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    if (request.isMultipart()) return from(this.uploading(whose, work));
    return from(this.inTurn(whose, work, http.getResponse<FastifyReply>().raw));
  }

  /** @throws TooManyUploads */
  private async uploading(whose: string, work: () => Promise<unknown>): Promise<unknown> {
    const lane = this.laneOf(whose);
    try {
      return await lane.uploads.take(work, () => new TooManyUploads());
    } finally {
      this.forget(whose, lane);
    }
  }

  private laneOf(whose: string): Lane {
    const lane = this.lanes.get(whose) ?? {
      turns: new Turns(AT_ONCE, LINE),
      uploads: new Turns(UPLOADS, 0),
      downloads: 0,
    };
    this.lanes.set(whose, lane);
    return lane;
  }

  private forget(whose: string, { turns, uploads }: Lane): void {
    if (turns.idle && uploads.idle) this.lanes.delete(whose);
  }

  /** @throws TooManyAtOnce, TooManyDownloads */
  private async inTurn(whose: string, work: () => Promise<unknown>, response: ServerResponse): Promise<unknown> {
    const lane = this.laneOf(whose);
    const leave = await lane.turns.enter(() => new TooManyAtOnce());
    const end = () => {
      leave();
      this.forget(whose, lane);
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

/** Returns the part of a response that is streamed; undefined if it is in memory. */
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
  // Closes the connection, and thus the stream, after this period without traffic.
  response.setTimeout(UNREAD_AT_MOST, () => response.destroy());
  finished(stream, () => {
    lane.downloads -= 1;
    end();
  });
}
