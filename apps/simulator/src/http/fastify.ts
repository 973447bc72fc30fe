import type multipart from '@fastify/multipart';

/** A Fastify instance, by the type that its plugins are given. */
export type Server = Parameters<typeof multipart>[0];
