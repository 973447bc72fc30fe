import { Backstage } from './backstage.js';
import { Creator, type Starwall, startStarwall } from './starwall.js';

/** A running system with access to its database, and a creator. */
export interface Stage {
  readonly starwall: Starwall;
  readonly backstage: Backstage;
  readonly creator: Creator;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const starwall = await startStarwall();
  const backstage = await Backstage.open(starwall);
  const creator = await Creator.signUp(starwall);
  const close = async () => {
    await backstage.close();
    await starwall.stop();
  };
  return { starwall, backstage, creator, close };
}
