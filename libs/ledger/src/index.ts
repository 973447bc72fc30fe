import { LedgerEntryRow } from './ledger-entry.entity.js';

export { LedgerEntryRow };
export { LedgerModule } from './ledger.module.js';
export { LedgerService, type Posting } from './ledger.service.js';
export { type Account, type Entry, received, returned } from './posting.js';
