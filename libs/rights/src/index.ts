export { type ClosureRow, closureView } from './closure.js';
export { ClosingService } from './closing.service.js';
export { ClosureService } from './closure.service.js';
export { ERASURE, type ErasureRow, erasureView } from './erasure.js';
export { ErasureService, type ListedErasure } from './erasure.service.js';
export { EXPORTED, NOT_EXPORTED } from './export.js';
export { ExportService } from './export.service.js';
export { RightsModule } from './rights.module.js';
