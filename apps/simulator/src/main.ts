import { z } from 'zod';
import { startSimulator } from './simulator.js';

const settings = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  })
  .safeParse(process.env);
if (!settings.success) {
  process.stderr.write(`${z.prettifyError(settings.error)}\n`);
  process.exit(1);
}

const simulator = await startSimulator({ host: settings.data.HOST, port: settings.data.PORT });
process.stdout.write(`Telegram simulator: chat page and Bot API at ${simulator.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close());
}
