import fc from 'fast-check';

/** One seed for all, so that a run that fails fails again. Other cases: `SEED=7 npx vitest run <suite>`. */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 2026) });

export { fc };
