import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Possible places of the dashboard's files: next to the compiled platform, or in the build's output when running from
 * sources.
 */
const PLACES = ['../../../dashboard/', '../../../../dist/apps/dashboard/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Allows only content from this origin, and forbids other sites from embedding these pages. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** The first segment of the addresses for staff, which search engines must not list. */
const STAFF_CONSOLE = 'staff';

/** Not counted against a network: an office that opens the dashboard requests a dozen files each time. */
const OPEN = {
  config: { audience: { kind: 'public', why: 'these files are public', limited: false } },
} as const;

/**
 * Serves the dashboard's files, which `npm run build` has created, and its single page at each of its addresses. All
 * other paths are the API's. Does nothing if the dashboard was not built.
 */
export async function serveDashboard(app: NestFastifyApplication): Promise<void> {
  const root = PLACES.find((place) => existsSync(`${place}pages.json`));
  if (root === undefined) return;
  const pages: readonly string[] = JSON.parse(readFileSync(`${root}pages.json`, 'utf8'));
  const assets = new Set(readdirSync(`${root}assets`));
  const fastify = app.getHttpAdapter().getInstance();
  const files = { root, serve: false, preCompressed: true, cacheControl: false } as const;
  await app.register(fastifyStatic, files);

  const page = (_request: unknown, reply: FastifyReply) => reply.headers(PAGE_HEADERS).sendFile('index.html');
  const hidden = (_request: unknown, reply: FastifyReply) =>
    reply.headers({ ...PAGE_HEADERS, 'x-robots-tag': 'noindex, nofollow' }).sendFile('index.html');
  const file = (name: string, caching: string) => (_request: unknown, reply: FastifyReply) =>
    reply.header('cache-control', caching).sendFile(name);

  fastify.get('/', OPEN, page);
  for (const name of pages) {
    const serve = name === STAFF_CONSOLE ? hidden : page;
    fastify.get(`/${name}`, OPEN, serve);
    fastify.get(`/${name}/*`, OPEN, serve);
  }
  fastify.get('/theme.js', OPEN, file('theme.js', 'no-cache'));
  fastify.get('/icon.svg', OPEN, file('icon.svg', 'public, max-age=86400'));
  fastify.get<{ Params: { name: string } }>('/assets/:name', OPEN, (request, reply) => {
    const { name } = request.params;
    if (!assets.has(name)) return reply.callNotFound();
    return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(`assets/${name}`);
  });
}
