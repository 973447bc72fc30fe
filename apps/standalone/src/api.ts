import { randomUUID } from 'node:crypto';

/** A creator's client of the public API, used by the demo tenant and the demo sale. */
export class CreatorApi {
  private accessToken = '';

  constructor(
    private readonly url: string,
    private readonly seen: (call: string, answer: unknown) => void = () => undefined,
  ) {}

  /** Logs in, or signs up when the account does not exist yet. */
  async enter(account: { email: string; password: string; workspace: string }): Promise<void> {
    const { email, password } = account;
    const session = await this.post('/v1/auth/login', { email, password }).catch((error: unknown) => {
      if (error instanceof ApiRefusal && error.status === 401) return this.post('/v1/auth/sign-up', account);
      throw error;
    });
    this.accessToken = String(session['access_token']);
  }

  /** Polls without logging each call. */
  quietly<T>(work: (api: CreatorApi) => Promise<T>): Promise<T> {
    const quiet = new CreatorApi(this.url);
    quiet.accessToken = this.accessToken;
    return work(quiet);
  }

  get(path: string): Promise<Json> {
    return this.call('GET', path);
  }

  post(path: string, body: object = {}): Promise<Json> {
    return this.call('POST', path, { body: JSON.stringify(body), type: 'application/json' });
  }

  async upload(name: string, mime: string, content: string): Promise<Json> {
    const form = new FormData();
    form.append('file', new Blob([content], { type: mime }), name);
    return this.call('POST', '/v1/files', { body: form });
  }

  // Every call is a separate request; a program that repeats a call sends the same key again.
  private async call(
    method: string,
    path: string,
    content?: { body: string | FormData; type?: string },
  ): Promise<Json> {
    const headers = {
      ...(this.accessToken === '' ? {} : { authorization: `Bearer ${this.accessToken}` }),
      ...(content === undefined ? {} : { 'idempotency-key': randomUUID() }),
      ...(content?.type === undefined ? {} : { 'content-type': content.type }),
    };
    const response = await fetch(`${this.url}${path}`, { method, headers, ...(content && { body: content.body }) });
    const answer = (await response.json()) as Json;
    if (!response.ok)
      throw new ApiRefusal(response.status, String(answer['code']), `${method} ${path}: ${String(answer['detail'])}`);
    this.seen(`${method} ${path} -> ${response.status}`, answer);
    return answer;
  }
}

export type Json = Readonly<Record<string, unknown>>;

export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
