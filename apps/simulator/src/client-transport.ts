import type { ControlRefusal } from './http/control-route.js';

/** A refusal of the control API. */
export class SimulatorError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  override get name(): string {
    return 'SimulatorError';
  }
}

/** Identifies the chat of one buyer with one bot. */
export interface ChatKey {
  readonly botId: number;
  readonly userId: number;
}

/** Calls the control API. */
export abstract class ControlClient {
  constructor(readonly url: string) {}

  protected read<Result>(path: string): Promise<Result> {
    return this.send('GET', path);
  }

  protected write<Result>(path: string, body: object = {}): Promise<Result> {
    return this.send('POST', path, body);
  }

  protected async send<Result>(method: string, path: string, body?: object): Promise<Result> {
    const response = await fetch(`${this.url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer as Result;
    const { error } = answer as ControlRefusal;
    throw new SimulatorError(response.status, error.code, error.message);
  }
}
