import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { testOwnerUrl } from '../support/database.js';

/** Returns a unique name. */
export const newName = () => `guard_${randomBytes(6).toString('hex')}`;

/** Returns the URL of another database, or of another user, on the same server. */
export function urlOf(database: string, user?: { readonly name: string; readonly password: string }): string {
  const url = new URL(testOwnerUrl());
  url.pathname = `/${database}`;
  if (user) [url.username, url.password] = [user.name, user.password];
  return url.href;
}

/** Runs `work` on a new, empty database. */
export async function onFreshDatabase<T>(owner: DataSource, work: (name: string) => Promise<T>): Promise<T> {
  const name = newName();
  await owner.query(`create database ${name}`);
  try {
    return await work(name);
  } finally {
    await owner.query(`drop database ${name} with (force)`);
  }
}
