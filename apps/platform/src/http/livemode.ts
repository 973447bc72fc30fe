import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { type Config, CONFIG } from '#libs/runtime';

type Json = Readonly<Record<string, unknown>>;

/** What is shown as somebody else wrote it, or as it was. */
const AS_IT_IS = new Set(['metadata', 'data', 'facts', 'previous_attributes']);

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Whether something has a name and an id, and is no list: then it is a resource, and says whether its Stars are real. */
const isResource = (members: Json) => 'object' in members && ('id' in members || 'telegram_id' in members);

/** Says on every resource, however deep it lies in an answer, whether real Stars are concerned. */
@Injectable()
export class LivemodeInterceptor implements NestInterceptor {
  private readonly livemode: boolean;

  constructor(@Inject(CONFIG) config: Config) {
    this.livemode = config.livemode;
  }

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(map((body: unknown) => (body instanceof StreamableFile ? body : withLivemode(body, this.livemode))));
  }
}

export function withLivemode(value: unknown, livemode: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => withLivemode(one, livemode));
  if (!isObject(value)) return value;
  const isList = value['object'] === 'list';
  const marked: Record<string, unknown> = isResource(value) ? { ...value, livemode } : { ...value };
  for (const [name, member] of Object.entries(value)) {
    if (isList || !AS_IT_IS.has(name)) marked[name] = withLivemode(member, livemode);
  }
  return marked;
}

const PROPERTY = {
  type: 'boolean',
  description: 'Whether real Stars are concerned: false with the simulator and in test environments.',
};

/** Documents what {@link LivemodeInterceptor} adds. */
export function documentLivemode(document: OpenAPIObject): OpenAPIObject {
  return marked(document) as OpenAPIObject;
}

function marked(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(marked);
  if (!isObject(schema)) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, marked(member)]));
  const { properties, required } = schema;
  if (!isObject(properties) || !isResource(properties) || 'livemode' in properties) return members;
  return {
    ...members,
    properties: { ...(members['properties'] as Json), livemode: PROPERTY },
    required: [...(Array.isArray(required) ? required : []), 'livemode'],
  };
}
