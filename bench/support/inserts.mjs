import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const TABLE = 'inbox_rival';

/**
 * Single-row inserts into a table like the inbox (same columns, indexes and size of a row), each committed, by pgbench;
 * by node-postgres where pgbench is not installed.
 * @returns inserts per second, and which program made them
 */
export async function insertsPerSecond({ postgres, owner, body, inserts, clients }) {
  await owner.query(`create table ${TABLE} (like inbox including all)`);
  try {
    const run = { inserts, clients, body };
    return (await byPgbench(postgres, run)) ?? (await byNodePostgres(postgres, run));
  } finally {
    await owner.query(`drop table ${TABLE}`);
  }
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
const insertOf = (id, chat, body) =>
  `insert into ${TABLE} (tenant_id, bot_id, update_id, lane, kind, body)
   values ('${NOBODY}', '${NOBODY}', ${id}, ${chat}, 'message', ${body})`;

async function byPgbench({ dir, ownerUrl }, { inserts, clients, body }) {
  const place = join(dir, 'pgbench');
  mkdirSync(place, { recursive: true });
  const script = join(place, 'insert.sql');
  const insert = insertOf(':id', ':chat', ':body').replaceAll('\n', ' ');
  writeFileSync(script, `\\set id random(1, 9000000000000)\n\\set chat random(1, 9000000000)\n${insert}\n`);
  const { hostname, port, username, password, pathname } = new URL(ownerUrl);
  const env = { PATH: process.env.PATH, PGPASSWORD: password };
  const connection = ['--host', hostname, '--port', port, '--username', username, pathname.slice(1)];
  const each = String(Math.ceil(inserts / clients));
  const args = [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${clients}`,
    '--jobs=2',
    `--transactions=${each}`,
    `--define=body=${body}`,
    `--file=${script}`,
  ];
  const said = await output('pgbench', [...args, ...connection], env);
  rmSync(place, { recursive: true });
  if (said === undefined) return undefined;
  const perSecond = Number(/tps = ([\d.]+) \(without/.exec(said)?.[1]);
  if (!Number.isFinite(perSecond)) throw new Error(`pgbench did not report its speed: ${said}`);
  return { perSecond, program: 'pgbench' };
}

/** @returns undefined when there is no such program */
function output(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.once('close', () => resolve(said));
  });
}

async function byNodePostgres({ ownerUrl }, { inserts, clients, body }) {
  const text = insertOf('$1', '$2', '$3');
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client(ownerUrl);
      await client.connect();
      return client;
    }),
  );
  let left = inserts;
  const began = performance.now();
  await Promise.all(
    connections.map(async (client) => {
      while (left > 0) {
        left -= 1;
        await client.query({ name: 'insert', text, values: [left, left % 1_000, body] });
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(connections.map((client) => client.end()));
  return { perSecond: inserts / seconds, program: 'node-postgres' };
}
