import { z } from 'zod';

export const installationSchema = z
  .object({
    object: z.literal('installation'),
    livemode: z.boolean().describe('True when the Stars are real'),
    sends_mail: z
      .boolean()
      .describe('True if emails are sent, or shown by the simulator; otherwise no password can be reset'),
    simulator_url: z
      .string()
      .nullable()
      .describe("The address of the simulated Telegram's chats; null where Telegram is not simulated"),
  })
  .meta({
    id: 'Installation',
    examples: [{ object: 'installation', livemode: false, sends_mail: true, simulator_url: 'http://127.0.0.1:8081' }],
  });

export const createSandboxBotSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(64).describe("The bot's name, which buyers read at the top of the chat"),
  })
  .meta({ id: 'CreateSandboxBot', examples: [{ name: 'My shop' }] });
export type CreateSandboxBot = z.output<typeof createSandboxBotSchema>;
