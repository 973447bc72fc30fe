/** True in `npm run check`, where the tests with thousands of requests send all of them. */
export const wholeRun = () => process.env['STARWALL_TESTS'] === 'all';

/** Returns a fixed quarter of the items, or all of them in a whole run, because there are thousands of requests of a millisecond each. */
export const sampled = <T>(all: readonly T[]): readonly T[] => (wholeRun() ? all : all.filter((_, n) => n % 4 === 1));
