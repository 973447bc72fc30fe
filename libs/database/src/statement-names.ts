import { createHash } from 'node:crypto';
import type { Role } from './rights.js';

/** A statement is named when it is sent for the third time, so texts generated for each query never are. */
const NAMED_FROM = 3;
/** Names per role and process, and so the maximum that one connection keeps prepared for a role. */
const MOST = 400;
/** Unnamed texts that are counted. */
const COUNTED = 2_000;

/**
 * undefined_pstatement, duplicate_pstatement: the statement was sent to a different session than the one that prepared
 * it.
 */
const SESSION_CHANGED = new Set(['26000', '42P05']);
/** feature_not_supported: the columns of a result differ from those of the cached plan. */
const RESULT_CHANGED = '0A000';

/**
 * Names for statements that a process sends often, so that PostgreSQL parses and plans each of them once per
 * connection. A name is derived from the role and the text. There are at most {@link MOST} per role.
 */
export class StatementNames {
  private readonly byRole = { starwall_app: new Texts(), starwall_platform: new Texts() };
  private generation = 0;

  /**
   * @param complain is called once, with the missing setting, behind a pooler that does not support named statements
   */
  constructor(
    private on = true,
    private readonly complain: (sentence: string) => void = () => undefined,
  ) {}

  /** @returns undefined for a text that is sent unnamed */
  nameOf(role: Role, text: string): string | undefined {
    return this.on ? this.byRole[role].nameOf(text, `${this.generation}${role}`) : undefined;
  }

  /**
   * Checks the first error of a transaction.
   * @returns true if it concerns a statement's name: then the transaction can be retried, without names or with new
   * ones
   */
  isAbout(code: string | undefined, message: string): boolean {
    if (code !== undefined && SESSION_CHANGED.has(code)) {
      if (this.on) this.complain(BEHIND_A_POOLER);
      this.on = false;
      return true;
    }
    if (code !== RESULT_CHANGED || !message.includes('cached plan')) return false;
    this.generation += 1;
    for (const texts of Object.values(this.byRole)) texts.forget();
    return true;
  }
}

class Texts {
  private readonly names = new Map<string, string>();
  private readonly times = new Map<string, number>();

  nameOf(text: string, salt: string): string | undefined {
    return this.names.get(text) ?? this.count(text, salt);
  }

  forget(): void {
    this.names.clear();
  }

  private count(text: string, salt: string): string | undefined {
    if (this.names.size >= MOST) return undefined;
    const times = (this.times.get(text) ?? 0) + 1;
    if (times < NAMED_FROM) {
      if (this.times.size >= COUNTED) this.times.clear();
      this.times.set(text, times);
      return undefined;
    }
    this.times.delete(text);
    const name = createHash('sha256').update(salt).update(text).digest('base64url');
    this.names.set(text, name);
    return name;
  }
}

const BEHIND_A_POOLER =
  'PostgreSQL does not know a statement that was prepared on the same connection. A pooler in front of it assigns each transaction ' +
  'a different session: use PgBouncer 1.21 or later with max_prepared_statements, or set DATABASE_PREPARED_STATEMENTS=false. Until then ' +
  'this process sends its statements unprepared, which costs PostgreSQL about twice the work.';
