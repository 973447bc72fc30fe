import type multipart from '@fastify/multipart';

/** A Fastify instance, as its plugins type it. */
export type Server = Parameters<typeof multipart>[0];
