export {
  ADMISSIONS,
  BOT_STANDINGS,
  CHAT_TYPES,
  chatEventView,
  type ChatFacts,
  rightsOf,
  type Upgrade,
} from './chat.js';
export { ACCESS_STATES, type AccessFacts, chatAccessView, knockAgainMs, presenceOf } from './chat-access.js';
export type { ChatAccessRow } from './chat-access.entity.js';
export { ChatAccessService, type OpenAccess } from './chat-access.service.js';
export { ChatAccessStore } from './chat-access.store.js';
export { ChatDoor, type Invitation } from './chat-door.service.js';
export { BuyerKeptOut, ChatClosed } from './chat-refusals.js';
export type { ChatRow } from './chat.entity.js';
export { ChatMigrations } from './chat-migration.service.js';
export { ChatService } from './chat.service.js';
export { ChatStore } from './chat.store.js';
export { ChatWatch } from './chat-watch.service.js';
export { ChatsModule } from './chats.module.js';
export type { PaidLinkRow } from './paid-link.entity.js';
export { PaidLinkService } from './paid-link.service.js';
export { Posting } from './posting.service.js';
export { POST_STATES, POST_WAYS, type PostWish } from './product-post.js';
export { ProductPostRow } from './product-post.entity.js';
export { CHATS_TABLES } from './tables.js';
