import { clip, SECOND } from '#libs/kernel';
import type { Bot, Environment } from '../world/bot.js';
import { ApiError } from '../world/errors.js';
import type { Fault } from '../world/faults.js';
import type { CallEntry } from '../world/log.js';
import type { World } from '../world/world.js';
import { chatMethods } from './chat-methods.js';
import { copyMethods } from './copy-methods.js';
import { editMethods } from './edit-methods.js';
import type { Caller } from './caller.js';
import { Described, type Handlers } from './handlers.js';
import { addFields, type CallInput, loggable } from './input.js';
import { inlineMethods } from './inline-methods.js';
import { inviteMethods } from './invite-methods.js';
import { giftMethods } from './gift-methods.js';
import { mediaMethods } from './media-methods.js';
import { messageMethods } from './message-methods.js';
import { type MethodName, methodNames, PARAMETERS, type ParametersOf } from './parameters.js';
import { paymentMethods } from './payment-methods.js';
import { profileMethods } from './profile-methods.js';
import { readAll } from './readers.js';
import { updateMethods } from './update-methods.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Returned instead of an answer: the server closes the socket. */
export const SILENCE = Symbol('silence');

const HANDLERS: Handlers<MethodName> = {
  ...messageMethods,
  ...editMethods,
  ...copyMethods,
  ...paymentMethods,
  ...profileMethods,
  ...updateMethods,
  ...inlineMethods,
  ...chatMethods,
  ...inviteMethods,
  ...mediaMethods,
  ...giftMethods,
};

// Methods that cannot be called in a webhook's answer (WebhookActor.cpp).
const NOT_BY_REPLY = /^(get.*|setwebhook|deletewebhook|close|logout)$/i;

/** The Bot API without HTTP: takes a token, a method and parameters, and returns an answer. */
export class BotApi {
  constructor(private readonly world: World) {
    world.onWebhookReply = (bot, body) => this.#runReply(bot, body);
  }

  async call(
    token: string,
    environment: Environment,
    methodText: string,
    input: CallInput,
  ): Promise<Answer | typeof SILENCE> {
    const bot = this.world.botByToken(token, environment);
    if (bot === undefined) {
      const refusal = new ApiError(401, 'Unauthorized');
      this.#log({ method: methodText, via: 'http', params: {} }, 401, performance.now(), refusal.description);
      return refused(refusal);
    }
    return this.#callAs(bot, methodText, input, 'http');
  }

  async #callAs(
    bot: Bot,
    methodText: string,
    input: CallInput,
    via: CallEntry['via'],
  ): Promise<Answer | typeof SILENCE> {
    const startedAt = performance.now();
    const method = methodNames.get(methodText.toLowerCase());
    const fault = this.world.faults.strike('call', bot.id, method ?? methodText, this.world.clock.millis());
    const answer = await this.#answer(bot, methodText, input, fault);
    const params = loggable(input, bot.token);
    const silent = fault?.action === 'timeout' || fault?.action === 'drop_answer';
    const entry = { botId: bot.id, method: method ?? methodText, via, params, ...(fault && { fault: fault.action }) };
    const description = answer?.body['description'];
    const status = silent ? 0 : (answer?.status ?? 0);
    this.#log(entry, status, startedAt, typeof description === 'string' ? description : undefined);
    return silent || answer === undefined ? SILENCE : answer;
  }

  async #answer(
    bot: Bot,
    methodText: string,
    input: CallInput,
    fault: Fault<'call'> | undefined,
  ): Promise<Answer | undefined> {
    const method = methodNames.get(methodText.toLowerCase());
    const seconds = fault?.seconds;
    switch (fault?.action) {
      case 'error429':
      case 'limit': {
        const retryAfter = Math.max(1, Math.ceil(seconds ?? 1));
        const parameters = { retry_after: retryAfter };
        return refused(new ApiError(429, `Too Many Requests: retry after ${retryAfter}`, parameters));
      }
      case 'error400':
        return refused(new ApiError(400, `Bad Request: ${fault?.description ?? 'refused on purpose'}`));
      case 'error500':
        return refused(new ApiError(500, 'Internal Server Error: restart'));
      case 'timeout':
        await this.world.clock.sleep((seconds ?? 60) * SECOND);
        return undefined;
      case 'delay':
        await this.world.clock.sleep((seconds ?? 1) * SECOND);
        break;
      case 'drop_answer':
      case undefined:
    }
    return method === undefined ? refused(unknown(methodText)) : this.#run(method, bot, input);
  }

  async #run<Name extends MethodName>(name: Name, bot: Bot, input: CallInput): Promise<Answer> {
    const caller: Caller = { world: this.world, bot };
    try {
      const handler: (caller: Caller, parameters: ParametersOf<Name>) => unknown = HANDLERS[name];
      // All parameters are read here, so a handler never sees an unchecked one.
      const parameters = readAll(PARAMETERS[name], input) as ParametersOf<Name>;
      const result = await handler(caller, parameters);
      const body =
        result instanceof Described ? { result: result.result, description: result.description } : { result };
      return { status: 200, body: { ok: true, ...body } };
    } catch (error) {
      if (error instanceof ApiError) return refused(error);
      throw error;
    }
  }

  #runReply(bot: Bot, body: Readonly<Record<string, unknown>>): void {
    const { method, ...parameters } = body;
    if (typeof method !== 'string' || NOT_BY_REPLY.test(method)) return;
    const fields = new Map<string, string>();
    addFields(fields, parameters);
    // The result is discarded: the caller has already closed its request.
    this.#callAs(bot, method, { fields, files: new Map() }, 'webhook_reply').catch((error: unknown) => {
      this.#log({ botId: bot.id, method, via: 'webhook_reply', params: {} }, 500, performance.now(), String(error));
    });
  }

  #log(
    entry: Pick<CallEntry, 'method' | 'via' | 'params' | 'botId' | 'fault'>,
    status: number,
    startedAt: number,
    description?: string,
  ): void {
    const ms = Math.round(performance.now() - startedAt);
    this.world.record({ type: 'call', ...entry, status, ms, ...(description === undefined ? {} : { description }) });
  }
}

/** Telegram's own words, followed by a note that the simulator lacks the method. */
function unknown(method: string): ApiError {
  return new ApiError(404, `Not Found: method not found; the simulator does not have "${clip(method, 64)}"`);
}

function refused(error: ApiError): Answer {
  const { code, description, parameters } = error;
  const body = { ok: false, error_code: code, description, ...(parameters === undefined ? {} : { parameters }) };
  return { status: code, body };
}
