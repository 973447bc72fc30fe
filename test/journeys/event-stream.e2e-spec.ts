import { followEvents, type Schema } from '#libs/client';
import { newUuid, publicId } from '#libs/kernel';
import { EventStreams } from '../../apps/platform/src/creator/events/event-streams.service.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let stopped: Promise<void> | undefined;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => stopped ?? starwall.stop());

type Event = Schema<'Event'>;

const tokenOf = (creator: Creator) => String(creator.session['access_token']);

/** Follows a workspace's events from now on. */
async function following(creator: Creator, lastEventId?: string) {
  const ending = new AbortController();
  const state = { events: [] as Event[], connected: 0, refused: '', end: () => ending.abort() };
  const onLine = (is: boolean) => (state.connected += is ? 1 : 0);
  const options = { url: starwall.url, token: tokenOf(creator), lastEventId, signal: ending.signal, onLine };
  const run = async () => {
    for await (const event of followEvents(options)) state.events.push(event);
  };
  run().catch((error: unknown) => (state.refused = String((error as { code?: string }).code)));
  await eventually('a connection', async () => state.connected > 0);
  return state;
}

/** Opens a stream without a client that reconnects. */
const connect = (token: string, accept = 'text/event-stream') =>
  fetch(`${starwall.url}/v1/events/stream`, { headers: { accept, authorization: `Bearer ${token}` } });

const happens = async (creator: Creator, type = 'order.paid') => {
  const { body } = await creator.post('/v1/events/trigger', { type }).expect(202);
  return String(body.event_id);
};

it('a stream sends events live to their own workspace only, in the form of the list', async () => {
  const [mira, kai] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const [one, other, theirs] = [await following(mira), await following(mira), await following(kai)];
  const id = await happens(mira);
  const theirId = await happens(kai, 'order.refunded');
  await eventually('the event', async () => [one, other, theirs].every(({ events }) => events.length > 0));
  for (const { events } of [one, other]) expect(events.map((event) => event.id)).toEqual([id]);
  expect(theirs.events.map((event) => event.id)).toEqual([theirId]);
  const { deliveries: _, ...listed } = (await mira.get(`/v1/events/${id}`).expect(200)).body;
  expect(one.events[0]).toEqual(listed);
  for (const { end } of [one, other, theirs]) end();
});

it('a stream resumes after the last event, at least once, without events of another workspace', async () => {
  const [mira, kai] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const first = await happens(mira);
  await happens(kai);
  const missed = [await happens(mira), await happens(mira)];
  const again = await connect(tokenOf(mira), '*/*');
  expect(await again.text()).not.toContain('evt_');
  const resumed = await following(mira, first);
  await eventually('what was missed', async () => resumed.events.length >= 2);
  const live = await happens(mira);
  await eventually('what happened then', async () => resumed.events.length >= 3);
  expect(resumed.events.map(({ id }) => id)).toEqual([...missed, live]);
  resumed.end();
});

it("a stream rejects an invalid event id, and sends nothing for another workspace's event id", async () => {
  const mira = await Creator.signUp(starwall);
  await mira.get('/v1/events/stream').set('last-event-id', 'evt_1').expect(400);
  const { text } = await mira
    .get('/v1/events/stream')
    .set('last-event-id', publicId('event', newUuid()))
    .expect(200)
    .expect('content-type', /^text\/event-stream/)
    .expect('cache-control', 'no-store');
  expect(text).not.toContain('data:');
});

it('a workspace can open twenty streams, and another one once one has ended', async () => {
  const [mira, kai] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const open = await Promise.all(Array.from({ length: 20 }, () => connect(tokenOf(mira))));
  expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await connect(tokenOf(mira), '*/*');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'too_many_streams', remedy: expect.any(String) });
  expect((await connect(tokenOf(kai), '*/*')).status).toBe(200);
  await open[0]?.body?.cancel();
  await eventually('a place', async () => (await connect(tokenOf(mira), '*/*')).status === 200);
  for (const { body } of open.slice(1)) await body?.cancel();
});

it('a stream ends only when its key is revoked', async () => {
  const mira = await Creator.signUp(starwall);
  const { body: key } = await mira.post('/v1/api-keys', { name: 'Follower', scopes: ['orders:read'] }).expect(201);
  const stream = (await connect(key.key)).body?.getReader();
  const streams = starwall.app.get(EventStreams, { strict: false });
  await streams.beat();
  expect((await stream?.read())?.done).toBe(false);
  await mira.delete(`/v1/api-keys/${key.id}`).expect(204);
  await streams.beat();
  await eventually('the end', async () => (await stream?.read())?.done === true);
});

it('a stream ends when the process stops, without delaying it', async () => {
  const mira = await Creator.signUp(starwall);
  const [plain, client] = [await connect(tokenOf(mira)), await following(mira)];
  stopped = starwall.stop();
  expect(await plain.text()).toContain('retry: ');
  client.end();
  await stopped;
});
