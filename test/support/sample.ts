/** True in `npm run check`, where tests that send thousands of requests send all of them. */
export const wholeRun = () => process.env['STARWALL_TESTS'] === 'all';

/**
 * A quarter of what there is, always the same one, and all of it in a whole run: every request of a kind costs a millisecond, and there are thousands.
 */
export const sampled = <T>(all: readonly T[]): readonly T[] => (wholeRun() ? all : all.filter((_, n) => n % 4 === 1));
