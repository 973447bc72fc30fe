export { SimulatorClient } from './client.js';
export type { ChatKey } from './client-transport.js';
export type {
  BotSettingsInput,
  BusinessInput,
  FaultsInput,
  GiftInput,
  InlineQueryInput,
  LogQuery,
  NewBotInput,
  NewSharedChatInput,
  NewUserInput,
  PickInput,
  StandingInput,
} from './http/control-schemas.js';
export type { AccountView } from './http/gift-routes.js';
export type { InlineAnswerView } from './http/inline-routes.js';
export type { InviteView, SharedChatSummary, SharedChatView } from './http/shared-chat-routes.js';
export type { JoinOutcome } from './world/invites.js';
export type {
  BotView,
  ChatSummary,
  ChatView,
  ForwardView,
  InvoiceView,
  MessageView,
  UserDetails,
  UserView,
} from './http/views.js';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.js';
export type { FaultRule, FaultState } from './world/faults.js';
export type { CallEntry, DeliveryEntry, LoggedEntry } from './world/log.js';
export type { PaymentOutcome } from './world/offer.js';
export type { SubscriptionView } from './http/subscription-routes.js';
export type * as Telegram from './world/telegram-types.js';
export type { World } from './world/world.js';
