import { run } from './copy.mjs';

/** A waiting test times out within a minute, so a proof that has not ended by then has no verdict. */
const PROOF_WITHIN_MS = 240_000;

/** The output of a proof that has failed. Any other failure does not mean that the bug was noticed. */
const NOTICED = {
  vitest: /^ +Tests +.*\d+ failed|^ +Test Files +.*\d+ failed|books that are not in order/m,
  chaos: /^(lost|doubled|wrong): /m,
};

const commandOf = {
  vitest: (args) => ['npx', ['--no-install', 'vitest', 'run', '--bail', '1', '--maxWorkers', '1', ...args]],
  chaos: (args) => [process.execPath, ['scripts/chaos.mjs', ...args]],
};

/**
 * @param proof `vitest <arguments>` or `chaos <arguments>`; words in quotes are one argument
 * @returns `passed`, `noticed`, or `broken` without a verdict
 */
export async function prove(copy, proof, env = {}, timeout = PROOF_WITHIN_MS) {
  const [kind, ...args] = proof.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ''));
  if (!(kind in commandOf)) throw new Error(`A proof is vitest or chaos, not ${kind}.`);
  const [command, all] = commandOf[kind](args);
  const { code, said } = await run(copy.dir, command, all, { timeout, env });
  if (code === 0) return { verdict: 'passed', said };
  return { verdict: NOTICED[kind].test(said) ? 'noticed' : 'broken', said };
}
