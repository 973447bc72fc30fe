import { newUuid, publicId } from '#libs/kernel';
import { Creator, eventually } from '../support/starwall.js';
import { PIXEL, supportDesk } from '../support/support-desk.js';

const desk = supportDesk();
const { newShop, buyer, buys, asksAbout, threads, conversation, hasMessages, countOf, answered, presses } = desk;

describe('the list of support threads', () => {
  it('includes the buyer and the last message of a thread on request', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const { thread } = await answered(shop, person);
    const [bare] = await threads(shop);
    expect(bare).not.toHaveProperty('buyer');
    expect(bare).not.toHaveProperty('last_message');
    const [full] = await threads(shop, '?expand=buyer,last_message');
    expect(full).toMatchObject({
      id: thread.id,
      buyer: { telegram_id: person.id, first_name: 'Buyer' },
      last_message: { direction: 'creator', text: 'Hello!', thread_id: thread.id },
    });
    expect((await shop.creator.get('/v1/support-threads?expand=order').expect(400)).body.errors[0].path).toMatch(
      /^expand/,
    );
  });
});

describe('a buyer who needs help', () => {
  it('chooses the order, writes, and receives the answer in the chat', async () => {
    const shop = await newShop();
    await shop.creator
      .patch(`/v1/bots/${shop.bot.id}`, { support_text: 'Look at shop.example/help first.' })
      .expect(200);
    await shop.creator
      .post('/v1/endpoints', { url: desk.receiver.url, event_types: ['support.message_received'] })
      .expect(201);
    const person = await buyer(shop);
    const order = await buys(shop, person);

    await asksAbout(person, order.id);
    const menu = await person.sees(
      (it) => it.text?.startsWith('Look at shop.example/help first.') === true,
      'the menu',
    );
    expect(JSON.stringify(menu)).toContain('Something else');
    await person.says('It does <b>not</b> open 🔑');
    await person.sees((it) => it.text?.includes('the seller has your message') === true, 'the confirmation');
    await person.says('Please help');

    const [thread] = await eventually('the thread', async () => {
      const listed = await threads(shop, `?state=open&order_id=${order.id}`);
      return listed.length === 1 && listed;
    });
    expect(thread).toMatchObject({ object: 'support_thread', order_id: order.id, buyer_telegram_id: person.id });
    const read = await hasMessages(shop, thread.id, 2);
    expect(read.messages).toMatchObject([
      { direction: 'buyer', text: 'It does <b>not</b> open 🔑', author: null, delivery_state: null },
      { direction: 'buyer', text: 'Please help' },
    ]);
    expect(await countOf(person, 'the seller has your message')).toBe(1);
    const told = await eventually('the webhook', async () => desk.receiver.about(thread.id).at(-1));
    expect(told.body).not.toContain('Please help');

    for (const text of ['Press <Open>.', 'Then wait.', 'Then press again.']) {
      await shop.creator.post(`/v1/support-threads/${thread.id}/messages`, { text }).expect(201);
    }
    await person.sees(
      (it) => it.text === 'Answer from the seller about “Guide”:\n\nThen press again.',
      'the last answer',
    );
    const received = (await person.messages()).flatMap((it) =>
      it.text?.startsWith('Answer') ? [it.text.split('\n\n')[1]] : [],
    );
    expect(received).toEqual(['Press <Open>.', 'Then wait.', 'Then press again.']);
    const answered = await eventually('three sent answers', async () => {
      const now = await conversation(shop, thread.id);
      return now.messages.filter((it: { delivery_state: string }) => it.delivery_state === 'sent').length === 3 && now;
    });
    expect(answered.state).toBe('answered');
  });

  it('can reply to an answer by message or button when the thread is closed', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const { thread, answer } = await answered(shop, person);
    await shop.creator
      .post(`/v1/support-threads/${thread.id}/close`)
      .expect(200)
      .expect(/"state":"closed"/);
    await shop.creator
      .post(`/v1/support-threads/${thread.id}/messages`, { text: 'Hm?' })
      .expect(409)
      .expect(/thread_closed/);
    await person.says('One more thing');
    await person.sees((it) => it.text?.includes('/paysupport to write to the seller') === true, 'how to write');

    await desk.starwall.telegram.sendMessage(person.chat, { text: 'It is still shut', repliesTo: answer.message_id });
    await hasMessages(shop, thread.id, 3);
    await eventually('another confirmation', async () => (await countOf(person, 'the seller has your message')) === 2);

    await shop.creator.post(`/v1/support-threads/${thread.id}/close`).expect(200);
    await presses(person, answer, 'Reply');
    await person.hears(/^Please write your reply/);
    expect((await conversation(shop, thread.id)).state).toBe('answered');
    await person.says('Still shut');
    const { messages } = await hasMessages(shop, thread.id, 4);
    expect(messages.map((it: { text: string }) => it.text)).toEqual([
      'Hello?',
      'Hello!',
      'It is still shut',
      'Still shut',
    ]);
    await eventually('an open thread', async () => (await conversation(shop, thread.id)).state === 'open');
  });

  it('ends the conversation and returns to the shop', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const { thread, answer } = await answered(shop, person);
    await presses(person, answer, 'Done');
    await person.hears(/^All right/);
    await person.says('Hi, how do I buy?');
    await person.hears(/^Send \/shop/);
    expect(await conversation(shop, thread.id)).toMatchObject({ state: 'closed' });
    await hasMessages(shop, thread.id, 2);
  });

  it('sends photos, files and recordings, which the creator can download from Telegram', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    await asksAbout(person, 'other');
    const base64 = Buffer.from('what it shows').toString('base64');
    const send = (kind: 'photo' | 'document' | 'voice', name: string, more: object = {}) =>
      desk.starwall.telegram.sendMessage(person.chat, { file: { kind, name, mimeType: 'a/b', base64 }, ...more });
    await send('photo', 'screen.png', { caption: 'This is what I see' });
    await person.hears(/the seller has your message/);
    await send('document', 'bill.pdf');
    await send('voice', 'voice.ogg');
    await desk.starwall.telegram.sendMessage(person.chat, { location: { latitude: 52.5, longitude: 13.4 } });
    await person.hears(/^Only text, pictures and files/);
    const thread = await eventually('the thread', async () => (await threads(shop))[0]);
    const { messages } = await hasMessages(shop, thread.id, 3);
    expect(messages).toMatchObject([
      { text: 'This is what I see', file: { kind: 'photo', name: null } },
      { text: '', file: { kind: 'document', name: 'bill.pdf' } },
      { text: '', file: { kind: 'voice', name: null } },
    ]);
    const fileOf = (message: { id: string }) => `/v1/support-threads/${thread.id}/messages/${message.id}/file`;
    const bill = await shop.creator.get(fileOf(messages[1])).expect(200);
    expect(bill.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="bill.pdf"; filename*=UTF-8''bill.pdf`,
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(bill.body).toString('base64')).toBe(base64);
    const stranger = await Creator.signUp(desk.starwall);
    await stranger.get(fileOf(messages[1])).expect(404);
    const fileId = messages[1].file.file_id;
    const found = await fetch(`${desk.starwall.telegram.url}/bot${shop.bot.token}/getFile?file_id=${fileId}`);
    expect(await found.json()).toMatchObject({ ok: true, result: { file_id: fileId } });
  });

  it('is answered whatever they send, even outside of a conversation', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    await desk.starwall.telegram.start(person.chat);
    const voice = { kind: 'voice', name: 'voice.ogg', mimeType: 'audio/ogg', base64: 'AAAA' } as const;
    await desk.starwall.telegram.sendMessage(person.chat, { file: voice });
    await eventually('an answer', async () => (await countOf(person, 'Send /shop')) === 1);
    await desk.starwall.telegram.sendMessage(person.chat, { location: { latitude: 0, longitude: 0 } });
    await eventually('an answer', async () => (await countOf(person, 'Send /shop')) === 2);
  });

  it('can ask about something else without a purchase, and commands remain commands', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    await asksAbout(person, 'other');
    await person.says('/help');
    await person.sees((it) => it.text?.includes('what you have bought') === true, 'the help');
    await person.says('Do you sell maps?');
    const [thread] = await eventually('the thread', async () => {
      const listed = await threads(shop, `?buyer_telegram_id=${person.id}&bot_id=${shop.bot.id}`);
      return listed[0]?.last_message_at !== null && listed;
    });
    expect(thread.order_id).toBeNull();
    expect((await conversation(shop, thread.id)).messages).toMatchObject([{ text: 'Do you sell maps?' }]);
  });

  it('is politely refused after twenty messages within an hour', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    await asksAbout(person, 'other');
    for (let n = 1; n <= 21; n += 1) await person.says(`message ${n}`);
    await person.sees((it) => it.text?.includes('a lot of messages') === true, 'the refusal');
    const [thread] = await threads(shop);
    await hasMessages(shop, thread.id, 20);
  });

  it('cannot be reached after blocking the bot, as the creator can see', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    await asksAbout(person, 'other');
    await person.says('Hello?');
    const thread = await eventually('the thread', async () => (await threads(shop))[0]);
    await hasMessages(shop, thread.id, 1);
    await desk.starwall.telegram.block(person.chat);
    await shop.creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'Hello!' }).expect(201);
    await eventually('the message to become unreachable', async () => {
      const { messages } = await conversation(shop, thread.id);
      return messages[1]?.delivery_state === 'unreachable';
    });
  });
});

describe('an answer with a file', () => {
  /** Creates a buyer who has asked, and uploads the creator's answer. */
  async function asked() {
    const shop = await newShop();
    const person = await buyer(shop);
    const { thread } = await answered(shop, person);
    const path = `/v1/support-threads/${thread.id}/messages/file`;
    const send = (name: string, content: Buffer, type: string, text?: string) => {
      const request = shop.creator.signs(desk.starwall.http().post(path));
      if (text !== undefined) void request.field('text', text);
      return request.attach('file', content, { filename: name, contentType: type });
    };
    return { shop, person, thread, path, send };
  }

  it('arrives as a picture or a file, stays in the conversation, and can be downloaded', async () => {
    const { shop, person, thread, send } = await asked();
    const picture = Buffer.from(PIXEL, 'base64');
    const { body: first } = await send('screen.png', picture, 'image/png', 'Press here').expect(201);
    expect(first).toMatchObject({
      direction: 'creator',
      text: 'Press here',
      file: { kind: 'photo', name: 'screen.png', file_id: null },
      delivery_state: 'waiting',
    });
    await send('bill.pdf', Buffer.from('a bill'), 'application/pdf').expect(201);
    const photo = await person.sees((it) => it.photo !== undefined, 'the picture');
    expect(photo.caption).toBe('Answer from the seller:\n\nPress here');
    const bill = await person.sees((it) => it.document !== undefined, 'the file');
    expect(bill).toMatchObject({ document: { file_name: 'bill.pdf' }, caption: 'Answer from the seller:' });
    const read = await eventually('both sent', async () => {
      const now = await conversation(shop, thread.id);
      return now.messages.filter((it: { delivery_state: string }) => it.delivery_state === 'sent').length === 3 && now;
    });
    expect(read.messages.slice(2)).toMatchObject([
      { id: first.id, file: { kind: 'photo', file_id: expect.any(String) } },
      { text: '', file: { kind: 'document', name: 'bill.pdf', file_id: expect.any(String) } },
    ]);
    const download = `/v1/support-threads/${thread.id}/messages/${first.id}/file`;
    const got = await shop.creator.get(download).expect(200);
    expect(got.headers).toMatchObject({ 'content-type': 'application/octet-stream' });
    expect(Buffer.from(got.body).equals(picture)).toBe(true);
    const stranger = await Creator.signUp(desk.starwall);
    await stranger.get(download).expect(404);
    // The buyer replies to the picture.
    await desk.starwall.telegram.sendMessage(person.chat, { text: 'Thanks', repliesTo: photo.message_id });
    await hasMessages(shop, thread.id, 5);
  });

  it('is sent as a file when Telegram rejects the picture', async () => {
    const { shop, person, send } = await asked();
    const fault = { at: 'call', action: 'error400', name: 'sendPhoto', botId: shop.bot.telegramId } as const;
    await desk.starwall.telegram.setFaults({ rules: [{ ...fault, description: 'PHOTO_INVALID_DIMENSIONS' }] });
    await send('long.png', Buffer.from('a long picture'), 'image/png', 'Look').expect(201);
    const file = await person.sees((it) => it.document !== undefined, 'the file');
    expect(file.caption).toContain('Look');
    await desk.starwall.telegram.setFaults({ rules: [] });
  });

  it('is refused before the upload when the thread accepts none, and after it for an invalid caption', async () => {
    const { shop, thread, path, send } = await asked();
    const other = await Creator.signUp(desk.starwall);
    await other.signs(desk.starwall.http().post(path)).attach('file', Buffer.from('x'), 'x.txt').expect(404);
    await shop.creator
      .post(path)
      .expect(400)
      .expect(/invalid_upload/);
    await send('x.txt', Buffer.from('x'), 'text/plain', 'x'.repeat(801))
      .expect(400)
      .expect(/"path":"text"/);
    await send('x.txt', Buffer.from('x'), 'text/plain', 'x'.repeat(20_000))
      .expect(400)
      .expect(/invalid_upload/);
    await send('x.txt', Buffer.alloc(0), 'text/plain')
      .expect(400)
      .expect(/file_empty/);
    await shop.creator.post(`/v1/support-threads/${thread.id}/close`).expect(200);
    await send('x.txt', Buffer.from('x'), 'text/plain')
      .expect(409)
      .expect(/thread_closed/);
    expect((await conversation(shop, thread.id)).messages).toHaveLength(2);
  });

  it('is sent once per Idempotency-Key', async () => {
    const { shop, person, thread, send } = await asked();
    const key = newUuid();
    const bodies = [];
    for (let n = 0; n < 2; n += 1) {
      const { body } = await send('a.txt', Buffer.from('a'), 'text/plain', 'Here')
        .set('idempotency-key', key)
        .expect(201);
      bodies.push(body.id);
    }
    expect(bodies[0]).toBe(bodies[1]);
    await send('a.txt', Buffer.from('b'), 'text/plain', 'Here').set('idempotency-key', key).expect(422);
    await person.sees((it) => it.document !== undefined, 'the file');
    await hasMessages(shop, thread.id, 3);
  });
});

describe('the support routes', () => {
  it('return 404 to another tenant', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const person = await buyer(shop);
    const order = await buys(shop, person);
    await asksAbout(person, 'other');
    await person.says('Hello');
    const thread = await eventually('the thread', async () => (await threads(shop))[0]);

    await other.creator.get(`/v1/support-threads/${thread.id}`).expect(404);
    await other.creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'Hi' }).expect(404);
    await other.creator.post(`/v1/support-threads/${thread.id}/close`).expect(404);
    await other.creator.get(`/v1/orders/${order.id}/timeline`).expect(404);
    await other.creator.post(`/v1/orders/${order.id}/deliver`, { mode: 'send_again', reason: 'x' }).expect(404);
    expect(await threads(other)).toEqual([]);
    expect((await other.creator.get('/v1/search').query({ q: order.id }).expect(200)).body.data).toEqual([]);
  });

  it.each([
    ['an empty answer', { text: ' ' }],
    ['a long answer', { text: 'x'.repeat(4_001) }],
    ['an answer with a NUL', { text: 'a\u0000b' }],
    ['an unknown field', { text: 'x', html: true }],
  ])('answer 400 for an invalid message (%s)', async (_, body) => {
    const { creator } = await newShop();
    await creator.post(`/v1/support-threads/${publicId('supportThread', newUuid())}/messages`, body).expect(400);
  });

  it('answer 400 to an empty search, an unknown filter, and a delivery without a reason', async () => {
    const { creator } = await newShop();
    await creator.get('/v1/search').expect(400);
    await creator.get('/v1/support-threads?status=open').expect(400);
    await creator.post(`/v1/orders/${publicId('order', newUuid())}/deliver`, { mode: 'send_again' }).expect(400);
    await creator
      .post(`/v1/orders/${publicId('order', newUuid())}/deliver`, { mode: 'send_again', reason: 'x' })
      .expect(404);
  });
});
