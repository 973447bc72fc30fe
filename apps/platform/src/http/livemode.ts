import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { mergeMap, type Observable } from 'rxjs';
import { type Config, CONFIG } from '#libs/runtime';
import { BotDirectory } from '#libs/tenants';

type Json = Readonly<Record<string, unknown>>;

/** Fields whose contents are stored data or written by others, and stay unchanged. */
const AS_IT_IS = new Set(['metadata', 'data', 'facts', 'previous_attributes', 'livemode']);

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** True for a resource, which gets `livemode`: it has a type and an id, and is not a list. */
const isResource = (members: Json) => 'object' in members && ('id' in members || 'telegram_id' in members);

/** The public ids of the bots of Telegram's test environment. */
type TestBots = ReadonlySet<unknown>;

const NONE: TestBots = new Set();

/** Adds `livemode` to every resource in a response, at any depth: true for real Stars. */
@Injectable()
export class LivemodeInterceptor implements NestInterceptor {
  private readonly livemode: boolean;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly bots: BotDirectory,
  ) {
    this.livemode = config.livemode;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { user } = context.switchToHttp().getRequest<{ user?: { tenantId?: string } }>();
    const marked = async (body: unknown): Promise<unknown> => {
      if (body instanceof StreamableFile) return body;
      return withLivemode(body, this.livemode, await this.testBots(user?.tenantId));
    };
    return next.handle().pipe(mergeMap(marked));
  }

  private async testBots(tenantId: string | undefined): Promise<TestBots> {
    return this.livemode && tenantId !== undefined ? this.bots.testBots(tenantId) : NONE;
  }
}

/**
 * Resources of a bot of the test environment are not real, nor is anything within them.
 * @param livemode for resources without a bot
 */
export function withLivemode(value: unknown, livemode: boolean, testBots: TestBots = NONE): unknown {
  if (Array.isArray(value)) return value.map((one) => withLivemode(one, livemode, testBots));
  if (!isObject(value)) return value;
  const isList = value['object'] === 'list';
  const isLive = livemode && !testBots.has(botOf(value));
  const marked: Record<string, unknown> = isResource(value) ? { ...value, livemode: isLive } : { ...value };
  for (const [name, member] of Object.entries(value)) {
    if (isList || !AS_IT_IS.has(name)) marked[name] = withLivemode(member, isLive, testBots);
  }
  return marked;
}

/** The bot that a resource is or belongs to; for an event, the bot of its object. */
function botOf(members: Json): unknown {
  if (members['object'] === 'bot') return members['id'];
  const { data } = members;
  return members['object'] === 'event' && isObject(data) ? botOf(data) : members['bot_id'];
}

const PROPERTY = {
  type: 'boolean',
  description: 'True for real Stars; false with the simulator and for bots of the test environment.',
};

/** Documents the additions of {@link LivemodeInterceptor}. */
export function documentLivemode(document: OpenAPIObject): OpenAPIObject {
  return marked(document) as OpenAPIObject;
}

function marked(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(marked);
  if (!isObject(schema)) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, marked(member)]));
  const { properties, required } = schema;
  if (!isObject(properties)) return members;
  const known = { ...(members['properties'] as Json), ...asItIs(properties) };
  if (!isResource(properties) || 'livemode' in properties) return { ...members, properties: known };
  return {
    ...members,
    properties: { ...known, livemode: PROPERTY },
    required: [...(Array.isArray(required) ? required : []), 'livemode'],
  };
}

/** The properties that {@link withLivemode} does not enter. */
function asItIs(properties: Json): Json {
  if (JSON.stringify(properties['object'])?.includes('"list"') === true) return {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => AS_IT_IS.has(name)));
}
