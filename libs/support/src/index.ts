export { type AnswerResult, AnswerService, type OutgoingAnswer } from './answer.service.js';
export { type Found, SearchService } from './search.service.js';
export { MAX_ANSWER, type ThreadState } from './support.js';
export { SupportModule } from './support.module.js';
export {
  type BuyerMessage,
  type Conversation,
  type Received,
  SupportService,
  type ThreadFilter,
  type Topic,
} from './support.service.js';
export { messageView, threadView } from './view.js';
