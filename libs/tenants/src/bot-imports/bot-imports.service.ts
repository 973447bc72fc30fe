import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, Database, seekOptions, type TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { type Clock, clip, inSlices, newUuid, NotFound } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { SecretBox, type SecretPlace } from '#libs/vault';
import { BotRow } from '../bots/bot.entity.js';
import { type BotEnvironment, lastOfToken } from '../bots/bot.js';
import {
  botIdIn,
  IMPORT_SPACING,
  type LineReason,
  type LineState,
  type ListedToken,
  SIMULATED_SPACING,
} from './bot-import.js';
import { BotImportLineRow, BotImportRow } from './bot-import.entity.js';

export interface NewImport {
  readonly accountId: string;
  readonly environment: BotEnvironment;
  readonly takeOver: boolean;
  readonly tokens: readonly ListedToken[];
}

/** An import with its progress: the number of lines in each state. */
export interface ImportProgress extends Omit<BotImportRow, 'tenantId'> {
  readonly waiting: number;
  readonly registered: number;
  readonly failed: number;
  readonly canceled: number;
}

/** The next bot to register. */
export interface NextBot {
  readonly lineId: string;
  readonly importId: string;
  readonly token: string;
  readonly environment: BotEnvironment;
  readonly takeOver: boolean;
  /** Number of attempts, including this one. */
  readonly attempts: number;
}

const placeOf = (rowId: string): SecretPlace => ({ column: 'bot_import_lines.token', rowId });

const PROGRESS = `select i.id, i.created_by as "createdBy", i.environment, i.take_over as "takeOver", i.state, i.lines,
  i.created_at as "createdAt", i.finished_at as "finishedAt", n.*
from bot_imports i cross join lateral (
  select (count(*) filter (where l.state = 'waiting'))::int as waiting,
    (count(*) filter (where l.state = 'registered'))::int as registered,
    (count(*) filter (where l.state = 'failed'))::int as failed,
    (count(*) filter (where l.state = 'canceled'))::int as canceled
  from bot_import_lines l where l.tenant_id = i.tenant_id and l.import_id = i.id) n
where i.tenant_id = $1`;

/** Manages files with the tokens of many bots, which the worker registers one after another at Telegram's pace. */
@Injectable()
export class BotImports {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobStore,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: Pick<Config, 'simulatorUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Stores the lines with their tokens, encrypted, and makes the import due. */
  async create(tx: TenantTx, { accountId, environment, takeOver, tokens }: NewImport): Promise<ImportProgress> {
    const [{ tenantId }, now] = [tx, this.clock.now()];
    const id = newUuid(now.getTime());
    const row = { tenantId, id, createdBy: accountId, environment, takeOver, lines: tokens.length, createdAt: now };
    await tx.manager.insert(BotImportRow, { ...row, state: 'running' });
    const lines: BotImportLineRow[] = [];
    await inSlices(tokens, async (listed) => void lines.push(await this.lineOf(tx, id, listed, now)));
    await insertLines(tx, lines);
    await this.jobs.enqueue(tx, [{ kind: 'bot.import', subject: id }]);
    return this.get(tx, id);
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<ImportProgress> {
    const [found] = await tx.query<ImportProgress>(`${PROGRESS} and i.id = $2`, [tx.tenantId, id]);
    if (found === undefined) throw new NotFound('bot import');
    return found;
  }

  /** Newest first. @returns one more than `limit` when there are more */
  list(tx: TenantTx, limit: number, { after, before }: Cursor): Promise<ImportProgress[]> {
    return tx.query<ImportProgress>(
      `${PROGRESS} and ($2::uuid is null or i.id < $2) and ($3::uuid is null or i.id > $3)
       order by i.id ${before === undefined ? 'desc' : 'asc'} limit $4`,
      [tx.tenantId, after ?? null, before ?? null, limit + 1],
    );
  }

  /** The lines of a file in its order, without tokens. @returns one more than `limit` when there are more @throws NotFound */
  async lines(
    tx: TenantTx,
    importId: string,
    { state, limit, ...cursor }: Cursor & { readonly state?: LineState | undefined; readonly limit: number },
  ): Promise<BotImportLineRow[]> {
    await this.get(tx, importId);
    // Ids sort in the order of the lines, oldest first, so the cursor is reversed.
    const { where } = seekOptions({ after: cursor.before, before: cursor.after });
    return tx.manager.find(BotImportLineRow, {
      where: { tenantId: tx.tenantId, importId, ...where, ...(state === undefined ? {} : { state }) },
      order: { id: cursor.before === undefined ? 'ASC' : 'DESC' },
      take: limit + 1,
    });
  }

  /** Ends an import: registered bots stay, and the tokens of the other lines are deleted. Idempotent. @throws NotFound */
  async cancel(tx: TenantTx, id: string): Promise<ImportProgress> {
    const now = this.clock.now();
    await tx.query(
      `update bot_imports set state = 'canceled', finished_at = $3 where tenant_id = $1 and id = $2 and state = 'running'`,
      [tx.tenantId, id, now],
    );
    await tx.query(
      `update bot_import_lines set state = 'canceled', token_sealed = null, updated_at = $3
       where tenant_id = $1 and import_id = $2 and state = 'waiting'`,
      [tx.tenantId, id, now],
    );
    return this.get(tx, id);
  }

  /**
   * Reserves a registration at the pace that all imports share. @returns 0 if it was reserved, otherwise the
   * milliseconds to wait
   */
  async takeTurn(): Promise<number> {
    const spacing = this.config.simulatorUrl === undefined ? IMPORT_SPACING : SIMULATED_SPACING;
    return this.db.inPlatform('the pace of registrations, which Telegram limits per address', async (tx) => {
      const taken = await tx.query(
        `insert into registration_paces as p (name, next_at) values ('imports', now() + $1 * interval '1 millisecond')
         on conflict (name) do update set next_at = excluded.next_at where p.next_at <= now() returning 1`,
        [spacing],
      );
      if (taken.length > 0) return 0;
      const [pace] = await tx.query<{ ms: number }>(
        `select ceil(extract(epoch from next_at - now()) * 1000)::int as ms from registration_paces where name = 'imports'`,
      );
      return Math.max(pace?.ms ?? spacing, 1);
    });
  }

  /** Begins the next waiting line, and counts the attempt. @returns undefined when none is left: then the import is done */
  async begin(tx: TenantTx, importId: string): Promise<NextBot | undefined> {
    const now = this.clock.now();
    const [next] = await tx.query<Omit<NextBot, 'token'> & { sealed: Buffer }>(
      `update bot_import_lines l set attempts = l.attempts + 1, updated_at = $3
       from bot_imports i where i.tenant_id = $1 and i.id = $2 and l.tenant_id = $1
         and l.id = (select id from bot_import_lines where tenant_id = $1 and import_id = $2 and state = 'waiting' order by line limit 1)
       returning l.id as "lineId", l.import_id as "importId", l.token_sealed as sealed, l.attempts, i.environment, i.take_over as "takeOver"`,
      [tx.tenantId, importId, now],
    );
    if (next !== undefined) {
      const { sealed, ...rest } = next;
      return { ...rest, token: await this.box.open(tx, sealed, placeOf(next.lineId)) };
    }
    await tx.query(
      `update bot_imports set state = 'done', finished_at = $3 where tenant_id = $1 and id = $2 and state = 'running'`,
      [tx.tenantId, importId, now],
    );
    return undefined;
  }

  /** True when a line is left to begin. */
  async hasMore(tx: TenantTx, importId: string): Promise<boolean> {
    return tx.manager.existsBy(BotImportLineRow, { tenantId: tx.tenantId, importId, state: 'waiting' });
  }

  /** Records that the line's bot is registered, even if the line was canceled meanwhile. */
  async succeed(tx: TenantTx, lineId: string, botId: string): Promise<void> {
    await tx.query(
      `update bot_import_lines set state = 'registered', bot_id = $3, token_sealed = null, code = null, error = null, remedy = null, updated_at = $4
       where tenant_id = $1 and id = $2`,
      [tx.tenantId, lineId, botId, this.clock.now()],
    );
  }

  /** Records that the line's bot cannot be registered. @param rest true to fail all following lines as well */
  async fail(tx: TenantTx, { lineId, importId }: NextBot, why: LineReason, rest = false): Promise<void> {
    await tx.query(
      `update bot_import_lines set state = 'failed', token_sealed = null, code = $4, error = $5, remedy = $6, updated_at = $7
       where tenant_id = $1 and import_id = $2 and state = 'waiting' and ($3::uuid is null or id = $3)`,
      [tx.tenantId, importId, rest ? null : lineId, ...reasonOf(why), this.clock.now()],
    );
  }

  /** Records why a line waits for another attempt. */
  async postpone(tx: TenantTx, { lineId }: NextBot, why: LineReason): Promise<void> {
    await tx.query('update bot_import_lines set code = $3, error = $4, remedy = $5 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      lineId,
      ...reasonOf(why),
    ]);
  }

  /** Finds the workspace's bot of a token, which an attempt whose result was lost may have registered. */
  async botOf(tx: TenantTx, { token, environment }: NextBot): Promise<string | undefined> {
    const bot = await tx.manager.findOneBy(BotRow, {
      tenantId: tx.tenantId,
      environment,
      telegramId: botIdIn(token),
      state: 'active',
    });
    return bot?.id;
  }

  private async lineOf(
    tx: TenantTx,
    importId: string,
    { line, token, refusal }: ListedToken,
    now: Date,
  ): Promise<BotImportLineRow> {
    // In the order of the lines.
    const id = newUuid();
    const [code, error, remedy] = refusal === undefined ? [null, null, null] : reasonOf(refusal);
    return {
      tenantId: tx.tenantId,
      id,
      importId,
      line,
      tokenSealed: token === undefined ? null : await this.box.seal(tx, token, placeOf(id)),
      tokenLast4: token === undefined ? null : lastOfToken(token),
      state: token === undefined ? 'failed' : 'waiting',
      attempts: 0,
      botId: null,
      code,
      error,
      remedy,
      updatedAt: now,
    };
  }
}

const reasonOf = (why: LineReason) =>
  [why.code, clip(why.message, 500), clip(why.remedy, 500)] as const satisfies readonly string[];

async function insertLines(tx: TenantTx, lines: readonly BotImportLineRow[]): Promise<void> {
  const of = <Value>(value: (line: BotImportLineRow) => Value) => lines.map(value);
  await tx.query(
    `insert into bot_import_lines (tenant_id, import_id, id, line, token_sealed, token_last4, state, code, error, remedy, updated_at)
     select $1, $2, * , $11::timestamptz from unnest($3::uuid[], $4::int[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])`,
    [
      tx.tenantId,
      lines[0]?.importId,
      of(({ id }) => id),
      of(({ line }) => line),
      of(({ tokenSealed }) => tokenSealed),
      of(({ tokenLast4 }) => tokenLast4),
      of(({ state }) => state),
      of(({ code }) => code),
      of(({ error }) => error),
      of(({ remedy }) => remedy),
      lines[0]?.updatedAt,
    ],
  );
}
