import type { TenantTx } from '#libs/database';
import { LedgerService } from './ledger.service.js';

it('entries that do not add up to zero are refused with their sum, without a query', async () => {
  const query = vi.fn<TenantTx['query']>();
  const tx = { tenantId: 'tenant', query } as unknown as TenantTx;
  const entries = [
    { account: 'telegram', stars: 50 },
    { account: 'earned', stars: -48 },
  ] as const;
  const posted = new LedgerService().post(tx, { botId: 'bot', cause: 'charge', causeId: 'charge', entries });
  await expect(posted).rejects.toThrow('the entries of charge charge add up to 2, not to zero');
  expect(query).not.toHaveBeenCalled();
});
