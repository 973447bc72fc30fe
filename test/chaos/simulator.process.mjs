// The simulator in a separate process. It plays Telegram, so it never dies; it only misbehaves. It retries webhooks
// sooner than Telegram, because a run takes minutes, not days.
const { startSimulator } = await import(`${process.cwd()}/dist/apps/simulator/src/index.js`);

const { PORT, SEED } = process.env;
await startSimulator({ port: Number(PORT), seed: Number(SEED), retryScale: 0.1 });
