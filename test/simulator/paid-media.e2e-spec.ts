import { openStage, type Stage } from './support.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.client.topUp(stage.buyer.id, 100);
});
afterEach(() => stage.close());

/** A one-pixel picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Sent {
  readonly ok: boolean;
  readonly description?: string;
  readonly result: { readonly message_id: number; readonly paid_media: { readonly paid_media: readonly object[] } };
}

/** Sends an uploaded photo and video. */
async function send(chatId: number, change: Record<string, string> = {}): Promise<Sent> {
  const form = new FormData();
  const media = [
    { type: 'photo', media: 'attach://one' },
    { type: 'video', media: 'attach://two', width: 640, height: 360, duration: 12 },
  ];
  const fields = { chat_id: String(chatId), star_count: '30', payload: 'gallery-1', media: JSON.stringify(media) };
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.set(name, value);
  form.set('one', new Blob([PNG]), 'one.png');
  form.set('two', new Blob(['video']), 'two.mp4');
  const url = `${stage.simulator.url}/bot${stage.bot.token}/sendPaidMedia`;
  return (await (await fetch(url, { method: 'POST', body: form })).json()) as Sent;
}

const purchases = () =>
  stage.simulator.world
    .bot(stage.bot.id)
    .queue.pending()
    .flatMap(({ update }) => update.purchased_paid_media ?? []);

describe('paid media', () => {
  it('are previews to the buyer until they are bought, but never to the bot', async () => {
    const { client, chat } = stage;
    const { result } = await send(chat.userId);
    expect(result.paid_media).toMatchObject({ star_count: 30, paid_media: [{ type: 'photo' }, { type: 'video' }] });
    const seen = async () => (await client.chat(chat)).messages.at(-1)?.paid_media?.paid_media;
    expect(await seen()).toEqual([
      { type: 'preview', width: 1, height: 1 },
      { type: 'preview', width: 640, height: 360, duration: 12 },
    ]);
    expect(await client.payMessage(chat, result.message_id)).toMatchObject({ status: 'paid' });
    expect(await seen()).toEqual(result.paid_media.paid_media);
    expect(await client.user(chat.userId)).toMatchObject({ balance: 70 });
    await expect(client.payMessage(chat, result.message_id)).rejects.toThrow('unlocked already');
  });

  it('report only their payload to the bot; price and charge are in its transactions', async () => {
    const { client, call, chat, buyer } = stage;
    const { result } = await send(chat.userId);
    await client.payMessage(chat, result.message_id);
    expect(purchases()).toEqual([{ from: expect.objectContaining({ id: buyer.id }), paid_media_payload: 'gallery-1' }]);
    const transactions = (await call('getStarTransactions')).result;
    expect(transactions).toMatchObject({
      transactions: [
        { amount: 30, source: { transaction_type: 'paid_media_payment', paid_media_payload: 'gallery-1' } },
      ],
    });
    const { transactions: rows } = transactions as { transactions: { id: string }[] };
    const refund = { user_id: buyer.id, telegram_payment_charge_id: rows[0]?.id };
    expect(await call('refundStarPayment', refund)).toMatchObject({ ok: true });
    expect(await client.user(buyer.id)).toMatchObject({ balance: 100 });
  });

  it('without a payload are sold without an update, if the buyer has enough Stars', async () => {
    const { client, chat } = stage;
    const cheap = await send(chat.userId, { payload: '' });
    expect(await client.payMessage(chat, cheap.result.message_id)).toMatchObject({ status: 'paid' });
    expect(purchases()).toEqual([]);
    const expensive = await send(chat.userId, { star_count: '71' });
    expect(await client.payMessage(chat, expensive.result.message_id)).toEqual({
      status: 'not_enough_stars',
      text: 'You need 1 more Star.',
    });
  });

  it('in a channel bring Stars to the channel, without an update for the bot', async () => {
    const { client, buyer, bot } = stage;
    const owner = await client.createUser({ first_name: 'Olga' });
    const channel = await client.createSharedChat({ type: 'channel', title: 'Drops', ownerId: owner.id });
    await client.setMember(channel.id, bot.id, { status: 'administrator', rights: { can_post_messages: true } });
    await client.setMember(channel.id, buyer.id, { status: 'member' });
    const { result } = await send(channel.id);
    expect(await client.payIn(channel.id, buyer.id, result.message_id)).toMatchObject({ status: 'paid' });
    expect(await client.sharedChat(channel.id)).toMatchObject({ balance: 30 });
    expect(await client.transactions(bot.id)).toMatchObject({ balance: 0 });
    expect(purchases()).toEqual([]);
  });

  it.each([
    ['a price of zero', { star_count: '0' }, 'EXTENDED_MEDIA_AMOUNT_INVALID'],
    ['too high a price', { star_count: '25001' }, 'EXTENDED_MEDIA_AMOUNT_INVALID'],
    ['no media', { media: '[]' }, 'wrong number of media specified'],
    ['an overlong payload', { payload: 'x'.repeat(129) }, 'INVOICE_PAYLOAD_INVALID'],
    [
      'a document',
      { media: '[{"type":"document","media":"attach://one"}]' },
      `can't parse InputPaidMedia: type "document" is unsupported`,
    ],
  ])('are refused with %s', async (_what, change, description) => {
    expect(await send(stage.chat.userId, change)).toMatchObject({
      ok: false,
      description: `Bad Request: ${description}`,
    });
  });
});
