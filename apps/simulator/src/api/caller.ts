import type { Bot } from '../world/bot.js';
import type { World } from '../world/world.js';

/** The world and the bot of a call. */
export interface Caller {
  readonly world: World;
  readonly bot: Bot;
}
