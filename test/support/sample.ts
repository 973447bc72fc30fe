/** True in `npm run check`, where tests that send thousands of requests send all of them. */
export const wholeRun = () => process.env['STARWALL_TESTS'] === 'all';

/**
 * A quarter of the items, always the same, or all of them in a whole run: each request takes a millisecond, and there
 * are thousands.
 */
export const sampled = <T>(all: readonly T[]): readonly T[] => (wholeRun() ? all : all.filter((_, n) => n % 4 === 1));
