interface Person {
  readonly telegram_id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly username: string | null;
}

/** What somebody is called. Telegram asks everybody for a first name, but not everything that names a buyer knows it. */
export function personName({ first_name: first, last_name: last, username, telegram_id: id }: Person): string {
  const name = [first, last].filter(Boolean).join(' ');
  if (name !== '') return name;
  return username === null ? String(id) : `@${username}`;
}
