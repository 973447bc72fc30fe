import { fitted } from './fitting.js';

const FAMILY = '👨‍👩‍👧‍👦';

describe('a call with a text', () => {
  it('is unchanged up to the limit', () => {
    const payload = { chat_id: 1, text: 'x'.repeat(4_096), entities: [{ offset: 4_000, length: 96 }] };
    expect(fitted('sendMessage', payload)).toBe(payload);
    expect(fitted('getMe', {})).toEqual({});
  });

  it.each([
    ['sendMessage', 'text', 4_096],
    ['editMessageText', 'text', 4_096],
    ['sendDocument', 'caption', 1_024],
    ['answerCallbackQuery', 'text', 200],
    ['sendInvoice', 'title', 32],
    ['createInvoiceLink', 'description', 255],
  ])('(%s) is shortened if its %s has more than %i characters, without splitting a character', (method, field, max) => {
    const { [field]: shown } = fitted(method, { [field]: FAMILY.repeat(max) }) as Record<string, string>;
    expect(method.includes('nvoice') ? [...(shown ?? '')].length : shown?.length).toBeLessThanOrEqual(max);
    expect(shown?.replaceAll(FAMILY, '')).toBe('…');
  });

  it('keeps the formatting of the remaining text', () => {
    const bold = { type: 'bold', offset: 0, length: 5 };
    const late = { type: 'code', offset: 4_090, length: 20 };
    expect(fitted('sendMessage', { text: 'x'.repeat(5_000), entities: [bold, late] })).toMatchObject({
      entities: [bold],
    });
    expect(fitted('sendPhoto', { caption: 'x'.repeat(5_000), caption_entities: [bold, late] })).toMatchObject({
      caption_entities: [bold],
    });
  });
});
