import { z } from 'zod';
import { startSimulator } from './simulator.js';

const settings = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
    /** Keeps the world between runs; without it the world is lost at exit. */
    STATE_FILE: z
      .string()
      .transform((path) => (path === '' ? undefined : path))
      .optional(),
  })
  .safeParse(process.env);
if (!settings.success) {
  process.stderr.write(`${z.prettifyError(settings.error)}\n`);
  process.exit(1);
}

const { HOST: host, PORT: port, STATE_FILE: stateFile } = settings.data;
const simulator = await startSimulator({ host, port, stateFile }).catch(stopWith);
process.stdout.write(`Telegram simulator: chat page and Bot API at ${simulator.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close().catch(stopWith));
}

function stopWith(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
