/**
 * The second part of a handler that first calls the network or receives a file: one transaction that also stores the
 * response for its Idempotency-Key and its entry in the audit log. For routes with `@Idempotency({ prepares: true })`.
 */
export class Commit<Answer = unknown> {
  /**
   * @param work makes the change and the response; every `inTenant` in it joins the transaction, which may be retried
   * @param content distinguishes requests whose bodies are not JSON, for example by a hash
   * @param abandon undoes the preparation if nothing refers to it in the end
   */
  constructor(
    readonly work: () => Promise<Answer>,
    readonly content?: Buffer,
    readonly abandon: () => Promise<void> = async () => undefined,
  ) {}

  /**
   * Runs the work as a part of `transaction`.
   * @param isDone false if the response to an earlier request is repeated instead
   */
  async run<T>(
    transaction: (work: () => Promise<unknown>) => Promise<T>,
    isDone: (result: T) => boolean = () => true,
  ): Promise<T> {
    let done = false;
    try {
      const result = await transaction(this.work);
      done = isDone(result);
      return result;
    } finally {
      if (!done) await this.abandon();
    }
  }
}
