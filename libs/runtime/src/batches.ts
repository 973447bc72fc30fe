interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST = 200;
/** Batches of this size are started immediately. */
const ENOUGH = 32;

/** Settings for gathering batches. */
interface Gathering {
  /** Maximum number of concurrent batches. */
  readonly sideBySide: number;
  /** Milliseconds for which a batch gathers items under load. */
  readonly forMs: number;
}

/**
 * Groups items that arrive at about the same time. A single item does not wait. Once several have shared a batch, the
 * next ones are gathered for a moment. If a batch fails, each of its items is tried alone, so that one item cannot fail
 * the others.
 */
export class Batches<Item> {
  private readonly waiting: Waiting<Item>[] = [];
  private underWay = 0;
  /** Set while a batch gathers. */
  private cancel: (() => void) | undefined;
  /** Items in the last batch. */
  private last = 1;

  /** @param work resolves when all its items are done */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<void>,
    private readonly gathering: Gathering,
  ) {}

  /** Resolves when the item is done. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.cancel !== undefined && this.waiting.length === ENOUGH) this.send();
      else this.gather();
    });
  }

  /** Requests that arrived together are handled in the same turn of the event loop. */
  private gather(): void {
    const { sideBySide, forMs } = this.gathering;
    if (this.cancel !== undefined || this.waiting.length === 0 || this.underWay >= sideBySide) return;
    const send = () => this.send();
    if (this.last > 1 && this.waiting.length < ENOUGH) {
      const timer = setTimeout(send, forMs);
      this.cancel = () => clearTimeout(timer);
    } else {
      const turn = setImmediate(send);
      this.cancel = () => clearImmediate(turn);
    }
  }

  private send(): void {
    this.cancel?.();
    this.cancel = undefined;
    const batch = this.waiting.splice(0, MOST);
    this.last = batch.length;
    this.underWay += 1;
    void this.run(batch).finally(() => {
      this.underWay -= 1;
      this.gather();
    });
    this.gather();
  }

  private async run(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.work(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      for (const each of batch) await this.run([each]);
    }
  }
}
