import { checkKeys } from './key-check';

describe('a pasted list of keys', () => {
  it('is counted without duplicates and empty lines', () => {
    const text = ['AAA-1', '  BBB-2  ', '', 'AAA-1', 'x'.repeat(257), 'CCC-3\r'].join('\n');
    expect(checkKeys(text)).toEqual({ good: ['AAA-1', 'BBB-2', 'CCC-3'], again: [4], tooLong: [5] });
  });

  it('may be empty', () => {
    expect(checkKeys(' \n\n')).toEqual({ good: [], again: [], tooLong: [] });
  });
});
