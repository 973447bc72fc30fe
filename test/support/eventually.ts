import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

const looks = new AsyncLocalStorage<{ last: unknown }>();
const NOTHING = Symbol('nothing');

/**
 * For whatever helps a test to look: notes what it found, so that {@link eventually} can say what it saw last. Call it when the look begins;
 * outside of a look it notes nothing.
 */
export function noting(): (found: unknown) => void {
  const look = looks.getStore();
  return (found) => {
    if (look !== undefined) look.last = found;
  };
}

/** Looks until there is something, fifteen seconds at most: a busy machine is no failure. @throws Error with what was seen last */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 15_000;
  const notes: { last: unknown } = { last: NOTHING };
  for (;;) {
    const found = await looks.run(notes, look);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}${seen(notes.last)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const SHOWN = { depth: 5, maxArrayLength: 20, maxStringLength: 300, breakLength: 160 };
const seen = (last: unknown) => (last === NOTHING ? '' : `; what was seen last: ${inspect(last, SHOWN)}`);
