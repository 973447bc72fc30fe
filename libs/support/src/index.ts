export { AnswerFileSender } from './answer-file.sender.js';
export { type AnswerResult, AnswerService, type OutgoingAnswer } from './answer.service.js';
export { fileIn } from './message-file.js';
export { type Asker, BuyerSupportService } from './buyer-support.service.js';
export { type Found, SearchService } from './search.service.js';
export {
  MAX_ANSWER,
  MAX_CAPTION,
  sentAs,
  type SupportFile,
  THREAD_STATES,
  ThreadClosed,
  type ThreadState,
} from './support.js';
export { SupportFiles } from './support-file.service.js';
export { SupportModule } from './support.module.js';
export { type Conversation, type NewAnswer, SupportService, type ThreadFilter } from './support.service.js';
export type { SupportThreadRow } from './support-thread.entity.js';
export { THREAD_EXPANSIONS, type ThreadExtras, ThreadExtrasService } from './thread-extras.service.js';
export { SUPPORT_TABLES } from './tables.js';
export {
  failedSchema,
  failedView,
  messageSchema,
  messageView,
  receivedSchema,
  receivedView,
  threadSchema,
  threadView,
} from './view.js';
