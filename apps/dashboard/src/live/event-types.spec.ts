import { EVENT_TYPES } from '#libs/client';
import { FAMILIES, familyOf, typesOf, wholeFamilies } from './event-types';

describe('the event types of an endpoint', () => {
  it('are chosen by family', () => {
    expect(typesOf(['charge', 'payment'], [])).toEqual(['charge.unmatched', 'charge.updated', 'payment.stray']);
    expect(wholeFamilies(['charge.unmatched', 'charge.updated', 'order.paid'])).toEqual(['charge']);
    expect(new Set(typesOf(FAMILIES, []))).toEqual(new Set(EVENT_TYPES));
  });

  it('keep types that were chosen individually', () => {
    expect(typesOf(['payment'], ['order.paid', 'charge.unmatched', 'charge.updated'])).toEqual([
      'payment.stray',
      'order.paid',
    ]);
    expect(typesOf(['order'], ['order.paid'])).toEqual(EVENT_TYPES.filter((type) => familyOf(type) === 'order'));
  });
});
