/**
 * What a handler that asks the network or receives a file first leaves to be done afterwards, in one transaction together with the answer
 * that is kept for its Idempotency-Key and its entry in the audit log. For routes with `@Idempotency({ prepares: true })`.
 */
export class Commit<Answer = unknown> {
  /**
   * @param work makes the change and the answer; every `inTenant` in it joins the transaction, which may be tried again
   * @param content tells a request from another one whose body is no JSON, a hash of it for example
   * @param abandon takes back what was prepared, when nothing refers to it after all
   */
  constructor(
    readonly work: () => Promise<Answer>,
    readonly content?: Buffer,
    readonly abandon: () => Promise<void> = async () => undefined,
  ) {}

  /**
   * Does the work, as a part of `transaction`.
   * @param isDone whether the work was done: it is not when the answer of an earlier request is given again
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
