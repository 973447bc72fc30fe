// The simulator in a process of its own. It plays Telegram, so it never dies; it only misbehaves. Its waits between webhook retries
// are shorter than Telegram's: a run has minutes, not days.
const { startSimulator } = await import(`${process.cwd()}/dist/apps/simulator/src/index.js`);

const { PORT, SEED } = process.env;
await startSimulator({ port: Number(PORT), seed: Number(SEED), retryScale: 0.1 });
