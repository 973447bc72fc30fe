import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SECOND } from '#libs/kernel';
import { restoreWebhooks, restoreWorld, SNAPSHOT_VERSION, snapshotOf, type WorldSnapshot } from './world/snapshot.js';
import type { World } from './world/world.js';

const SAVE_DELAY = 0.3 * SECOND;
/** More ids than a bot is given between two saves. */
const SKIPPED_IDS = 10_000;

/**
 * Keeps a world in a file: read once at the start, written soon after every change and at the end. The file contains
 * bots' tokens.
 */
export class StateFile {
  #written: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #unwatch: () => void = () => undefined;

  private constructor(
    private readonly path: string,
    private readonly world: World,
    private readonly restored: WorldSnapshot | undefined,
  ) {}

  /**
   * Restores an empty world from the file, if it exists.
   * @throws Error when the file cannot be read, has another version or is damaged; the file is left as it is
   */
  static async open(path: string, world: World): Promise<StateFile> {
    const restored = await load(path);
    if (restored === undefined) return new StateFile(path, world, restored);
    try {
      restoreWorld(world, restored);
    } catch (error) {
      throw unusable(path, 'is damaged', error);
    }
    return new StateFile(path, world, restored);
  }

  /**
   * Call once bots can call: sends pending updates, and saves from then on.
   * @throws Error when the file cannot be written
   */
  async begin(): Promise<void> {
    if (this.restored !== undefined) restoreWebhooks(this.world, this.restored);
    this.#unwatch = this.world.changes.watch(({ type }) => type !== 'typing' && this.#saveSoon());
    await this.#save(SKIPPED_IDS);
  }

  /** Saves a world that has stopped. @throws Error when the file cannot be written */
  async end(): Promise<void> {
    this.#unwatch();
    clearTimeout(this.#timer);
    await this.#save(0);
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#save(SKIPPED_IDS).catch((error: unknown) => {
        process.emitWarning(messageOf(error));
      });
    }, SAVE_DELAY).unref();
  }

  #save(skippedIds: number): Promise<void> {
    const write = () => this.#write(skippedIds);
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }

  async #write(skippedIds: number): Promise<void> {
    const text = JSON.stringify(snapshotOf(this.world, skippedIds));
    if (text === this.#written) return;
    await replace(this.path, text).catch((error: unknown) => {
      const sentence = `The simulator cannot write its state file ${this.path} (${messageOf(error)}).`;
      throw new Error(sentence, { cause: error });
    });
    this.#written = text;
  }
}

/** Replaces the file atomically: readers see the old text or the new one, never a partial one. */
async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  // A file left by an interrupted save may have another mode.
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(fresh, path);
}

async function load(path: string): Promise<WorldSnapshot | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(path, 'cannot be read', error);
  });
  return text === undefined ? undefined : parse(path, text);
}

function parse(path: string, text: string): WorldSnapshot {
  let snapshot: unknown;
  try {
    snapshot = JSON.parse(text);
  } catch (error) {
    throw unusable(path, 'is damaged', error);
  }
  if (typeof snapshot !== 'object' || snapshot === null || !('version' in snapshot)) throw unusable(path, 'is damaged');
  if (snapshot.version !== SNAPSHOT_VERSION) throw unusable(path, 'was written by another version of the simulator');
  // Only the simulator writes the file; any other damage is detected while the world is being filled.
  return snapshot as WorldSnapshot;
}

function unusable(path: string, why: string, cause?: unknown): Error {
  const detail = cause === undefined ? '' : ` (${messageOf(cause)})`;
  const remedy = 'Remove it: the simulator then starts with an empty world.';
  return new Error(`The simulator's state file ${path} ${why}${detail}. ${remedy}`, { cause });
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
