import type { UnitBalance } from '#libs/ledger';
import { Phrasebook } from '#libs/texts';
import { balanceLine } from './credit.handlers.js';

const english = new Phrasebook('en');
const lot = (remaining: number, expiresAt: string | null) => ({
  id: 'lot',
  chargeId: null,
  amount: remaining,
  remaining,
  reserved: 0,
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
  createdAt: new Date(0),
});
const held = (lots: UnitBalance['lots'], reserved = 0): UnitBalance => ({
  buyerId: 1,
  unit: 'scan',
  balance: lots.reduce((sum, { remaining }) => sum + remaining, 0),
  reserved,
  lots,
});

describe('a line of /balance', () => {
  it('shows the balance', () => expect(balanceLine(english, held([lot(1_500, null)]))).toBe('1,500 scans'));
  it('shows the credits that expire first, with their expiry date', () => {
    const lots = [
      lot(2, '2026-12-01T10:00:00Z'),
      lot(3, '2026-12-01T10:00:00Z'),
      lot(4, '2027-01-01T00:00:00Z'),
      lot(5, null),
    ];
    expect(balanceLine(english, held(lots))).toBe('14 scans (5 until 1 Dec 2026)');
  });
  it('shows the reserved credits', () => {
    expect(balanceLine(english, held([lot(4, '2026-12-01T10:00:00Z')], 1))).toBe(
      '4 scans (1 of them in use; 4 until 1 Dec 2026)',
    );
  });
});
