interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST = 200;

/**
 * Does together what is asked for while earlier batches are under way: alone nothing waits, and in a crowd many share one transaction.
 * When a batch fails, each of its items is tried alone, so that none fails for another's sake.
 */
export class Batches<Item> {
  private readonly waiting: Waiting<Item>[] = [];
  private underWay = 0;

  /** @param work resolves when all of these are done @param sideBySide batches at the same time */
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
