import { readOrderFilters } from './filters';

describe('the order filters in a URL', () => {
  it('are read back unchanged', () => {
    const filters = { payment_state: 'paid', delivery_state: 'failed', bot_id: 'bot_1', buyer_telegram_id: 7 };
    expect(readOrderFilters(filters)).toEqual(filters);
  });

  it('ignore invalid values', () => {
    const foreign = { payment_state: 'stolen', bot_id: '<b>', product_id: 7, buyer_telegram_id: 'x', page: '2' };
    expect(readOrderFilters(foreign)).toEqual({});
  });
});
