import { z } from 'zod';
import { control } from './control-route.js';
import type { Server } from './fastify.js';

const mailSchema = z.strictObject({
  id: z.string().min(1).max(64),
  to: z.string().min(3).max(254),
  subject: z.string().max(500),
  text: z.string().max(50_000),
  html: z.string().max(100_000),
});

/** Number of emails kept, newest first; a restart loses them. */
const MOST = 100;

/** Emails that Starwall would send; the page `/mails.html` shows them. An email that is received twice is kept once. */
export function mailRoutes(server: Server): void {
  const mails = new Map<string, z.infer<typeof mailSchema> & { readonly receivedAt: string }>();
  control(server, 'POST', '/mails', { body: mailSchema }, ({ body }) => {
    if (!mails.has(body.id)) mails.set(body.id, { ...body, receivedAt: new Date().toISOString() });
    const [oldest] = mails.keys();
    if (mails.size > MOST && oldest !== undefined) mails.delete(oldest);
  });
  control(server, 'GET', '/mails', {}, () => [...mails.values()].reverse());
}
