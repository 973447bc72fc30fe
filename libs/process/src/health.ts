import type { Database } from '#libs/database';
import type { EventLoopLag } from './event-loop.watch.js';

const PATIENCE_MS = 500;

/** The answer of a healthy process. */
export interface HealthAnswer {
  readonly status: 'ok';
  readonly event_loop_lag_ms: EventLoopLag;
}

/** True when the database answers within half a second. Never throws. */
export async function isReady(db: Database): Promise<boolean> {
  const answer = db.inPlatform('health check', (tx) => tx.query('select 1')).then(() => true);
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref());
  return Promise.race([answer, late]).catch(() => false);
}
