import { MONEY_LANES, readEnvelope } from './inbox.js';

const from = { id: 77 };
const chat = { id: 77, type: 'private' };
const laneOf = (content: object) => readEnvelope({ update_id: 1, ...content })?.lane;

describe('updates that are handled in order', () => {
  it('are those of one chat, or of one person if there is no chat', () => {
    expect(laneOf({ message: { chat, from, text: 'hi' } })).toBe(77);
    expect(laneOf({ callback_query: { from, message: { chat } } })).toBe(77);
    expect(laneOf({ inline_query: { from, query: '' } })).toBe(77);
  });

  it("have a separate lane for a chat's money, which never waits for throttled messages", () => {
    const money = [{ successful_payment: {} }, { refunded_payment: {} }].map((what) =>
      laneOf({ message: { chat, from, ...what } }),
    );
    expect(money).toEqual([MONEY_LANES - 77, MONEY_LANES - 77]);
    const group = laneOf({
      message: { chat: { id: -1_002_000_000_000, type: 'supergroup' }, from, successful_payment: {} },
    });
    expect(Number.isSafeInteger(group)).toBe(true);
    expect(group).toBeLessThan(-(2 ** 51));
  });

  it.each([2 ** 52 - 1, -(2 ** 52) + 1, 2 ** 52, -(2 ** 52), 2 ** 53, 2 ** 53 - 1, 1e300, 0.5, Number.NaN])(
    'have a safe integer as their lane for any id of a chat: %s',
    (id) => {
      const odd = { chat: { id, type: 'private' }, from: { id } };
      for (const content of [{ message: { ...odd, text: 'hi' } }, { message: { ...odd, successful_payment: {} } }])
        expect(Number.isSafeInteger(laneOf(content))).toBe(true);
    },
  );
});
