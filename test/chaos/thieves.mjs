import pg from 'pg';

/** Opens connections of the application's login until PostgreSQL refuses one. @returns {Promise<pg.Client[]>} the opened connections */
export async function takeAll(url) {
  const taken = [];
  for (;;) {
    const client = new pg.Client({ connectionString: url, application_name: 'thief' });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch {
      return taken;
    }
    taken.push(client);
  }
}
