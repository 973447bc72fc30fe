import { type Answer, ask, complaints, type Sent } from '../support/asking.js';
import { type Populated, populate } from '../support/populated.js';
import { plainRequest } from '../support/hostile.js';
import { Api, type Operation } from '../support/openapi.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let api: Api;
beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
});
afterAll(() => starwall.stop());

const tokenOf = (someone: Creator) => String(someone.session['access_token']);

describe("attack 11: another workspace's object ids", () => {
  const UNTOUCHED = [
    'chats',
    'bots',
    'products',
    'orders',
    'charges',
    'refunds',
    'subscriptions',
    'support-threads',
    'members',
  ];
  const kept = () =>
    Promise.all(UNTOUCHED.map(async (list) => (await again.get(`/v1/${list}?limit=100`).expect(200)).text));
  let theirs: Populated;
  let again: Creator;
  let stranger: Creator;
  beforeAll(async () => {
    [again, stranger] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    theirs = await populate(starwall, api, again);
  }, 60_000);

  const idOf = (name: string) =>
    theirs.ids.get(name.replace(/_id$/, '').replace('product', 'prod').replace('order', 'ord'));
  const foreign = (operation: Operation): Sent => {
    const { url, body } = plainRequest(operation, theirs.ids, theirs.words);
    const named = body?.replaceAll(/"([a-z]+)_[0-9a-z]{26}"/g, (id, prefix) => `"${theirs.ids.get(prefix) ?? id}"`);
    return { url, body: named };
  };

  const about = (operation: Operation, url: string) => {
    const dates = (operation.parameters ?? []).filter(({ name, required }) => required && /^(from|to)$/.test(name));
    const days = dates.map(({ name }) => `${name}=2026-01-${name === 'from' ? '01' : '02'}`);
    return days.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${days.join('&')}`;
  };
  const shows = (text: string, asked: string) =>
    [...theirs.ids.values()].some((id) => text.includes(id) && !asked.includes(id));
  const refusalOf = ({ status, text }: Answer) =>
    status < 400 ? 'none' : String((JSON.parse(text) as { code: unknown }).code);

  it('are not found or changed by any operation that takes an id', async () => {
    const before = await kept();
    const named = api.creators.filter((one) => one.path.includes('{') || /"[a-z]+_id"/.test(foreign(one).body ?? ''));
    expect(named.map((one) => foreign(one).url).filter((url) => /0{26}|4242/.test(url))).toEqual([]);
    expect(named.length).toBeGreaterThan(70);
    const token = tokenOf(stranger);
    const told = await complaints(named, async (operation) => {
      const { url, body } = foreign(operation);
      const answer = await ask(starwall, operation, { url: about(operation, url), body }, token);
      const { status, text } = answer;
      if (operation.method === 'get' && status === 200 && !shows(text, url)) return undefined;
      // Gives the same answer as for a missing object, so that its existence is not revealed.
      const missing = plainRequest(operation, new Map(), { ...theirs.words, telegram_id: '4242' });
      const refusal = refusalOf(await ask(starwall, operation, missing, token));
      const hidden = status === 404 || (refusal === refusalOf(answer) && refusal !== 'invalid_request');
      return hidden && status >= 400 && !shows(text, `${url}${body}`)
        ? undefined
        : `${operation.operationId}: ${status} ${text}`;
    });
    expect(told).toEqual([]);
    expect(await kept()).toEqual(before);
  });

  it('appear in no list, with any filter', async () => {
    const filtered = api.creators.flatMap((operation) =>
      (operation.parameters ?? []).flatMap(({ name, in: place }) => {
        const id = name === 'buyer_telegram_id' ? theirs.words.telegram_id : idOf(name);
        return place === 'query' && operation.method === 'get' && id !== undefined ? [{ operation, name, id }] : [];
      }),
    );
    expect(filtered.length).toBeGreaterThan(10);
    const told = await complaints(filtered, async ({ operation, name, id }) => {
      const url = `${plainRequest(operation, theirs.ids, theirs.words).url}?${name}=${id}`;
      // Only two downloads per workspace run at a time.
      const { status, text } = await eventually('room for a download', async () => {
        const answer = await ask(starwall, operation, { url: about(operation, url) }, tokenOf(stranger));
        return answer.status !== 429 && answer;
      });
      const empty = status === 200 && !shows(text, url);
      return status === 404 || empty ? undefined : `${operation.operationId}?${name}: ${status} ${text}`;
    });
    expect(told).toEqual([]);
  });
});
