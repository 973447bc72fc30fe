import type { Backstage } from './backstage.js';

type Asking = Pick<Backstage, 'query'>;

/** Makes the database refuse writes to a table with a given error. It counts with a sequence, which no rollback resets. */
export class Trouble {
  private static made = 0;
  private readonly name: string;

  private constructor(
    private readonly owner: Asking,
    private readonly table: string,
  ) {
    Trouble.made += 1;
    this.name = `trouble_${Trouble.made}`;
  }

  /**
   * @param code SQLSTATE
   * @param times the number of refusals, after which all writes succeed
   * @param when a condition on `new`, the row to be written
   */
  static async on(owner: Asking, table: string, code: string, times: number, when = 'true'): Promise<Trouble> {
    const trouble = new Trouble(owner, table);
    const { name } = trouble;
    await owner.query(`
      create sequence ${name};
      create function ${name}() returns trigger language plpgsql security definer as $$
      begin
        if ${when} and nextval('${name}') <= ${times} then raise exception 'refused on purpose' using errcode = '${code}'; end if;
        return new;
      end $$;
      create trigger ${name} before insert or update on ${table} for each row execute function ${name}()`);
    return trouble;
  }

  /** Returns the number of writes so far, refused or not. */
  async asked(): Promise<number> {
    const [row] = await this.owner.query<{ n: number }>(
      `select case when is_called then last_value else 0 end::int as n from ${this.name}`,
    );
    return row?.n ?? 0;
  }

  async end(): Promise<void> {
    await this.owner.query(
      `drop trigger ${this.name} on ${this.table}; drop function ${this.name}(); drop sequence ${this.name}`,
    );
  }
}
