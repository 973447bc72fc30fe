import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

const looks = new AsyncLocalStorage<{ last: unknown }>();
const NOTHING = Symbol('nothing');

/**
 * For test helpers that poll: records the value found, so that {@link eventually} can report the last one. Call it when a poll starts;
 * outside of one it records nothing.
 */
export function noting(): (found: unknown) => void {
  const look = looks.getStore();
  return (found) => {
    if (look !== undefined) look.last = found;
  };
}

/** Polls until there is a value, for at most fifteen seconds, which allows for a busy machine. @throws Error with the last value seen */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 15_000;
  const notes: { last: unknown } = { last: NOTHING };
  for (;;) {
    const found = await looks.run(notes, look);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}${seen(notes.last)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const SHOWN = { depth: 5, maxArrayLength: 20, maxStringLength: 300, breakLength: 160 };
const seen = (last: unknown) => (last === NOTHING ? '' : `; last seen: ${inspect(last, SHOWN)}`);
