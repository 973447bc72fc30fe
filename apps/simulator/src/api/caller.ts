import type { Bot } from '../world/bot.js';
import type { World } from '../world/world.js';

/** In which world, and as which bot, a call is made. */
export interface Caller {
  readonly world: World;
  readonly bot: Bot;
}
