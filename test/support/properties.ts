import fc from 'fast-check';

/** A fixed seed makes a failing run fail again. For other cases: `SEED=7 npx vitest run <suite>`. */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 2026) });

export { fc };
