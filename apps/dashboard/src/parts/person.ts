interface Person {
  readonly telegram_id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly username: string | null;
}

/** A person's name. Every Telegram user has a first name, but not all responses contain it. */
export function personName({ first_name: first, last_name: last, username, telegram_id: id }: Person): string {
  const name = [first, last].filter(Boolean).join(' ');
  if (name !== '') return name;
  return username === null ? String(id) : `@${username}`;
}
