interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST = 200;

/**
 * Groups items that arrive while earlier batches are running: a single item never waits, and under load many share one
 * transaction. If a batch fails, each of its items is tried alone, so that one item cannot fail the others.
 */
export class Batches<Item> {
  private readonly waiting: Waiting<Item>[] = [];
  private underWay = 0;

  /** @param work resolves when all its items are done @param sideBySide maximum number of concurrent batches */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<void>,
    private readonly sideBySide: number,
  ) {}

  /** Resolves when the item is done. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    while (this.underWay < this.sideBySide && this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST);
      this.underWay += 1;
      void this.run(batch).finally(() => {
        this.underWay -= 1;
        this.pump();
      });
    }
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
