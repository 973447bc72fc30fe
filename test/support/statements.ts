import { AsyncLocalStorage } from 'node:async_hooks';
import { Conversation } from '../../libs/database/src/conversation.js';

type Method = (...args: never[]) => unknown;

/** Groups the statements that this process sends to PostgreSQL by the method that sends them. */
export class StatementWatch {
  private readonly current = new AsyncLocalStorage<string>();
  private readonly spies: { mockRestore(): void }[] = [];

  /**
   * @param seen called for each statement within a labelled method, when it is sent; `answer` is the driver's return value, and `connection`
   * stands for the one that it used
   */
  constructor(seen: (label: string, sql: string, answer: unknown, connection: object) => void) {
    const { current } = this;
    const watched =
      (sqlOf: (first: unknown) => string, commits = false) =>
      (send: Method) => {
        return function (this: Conversation, ...args: never[]) {
          // The last statement can have included the commit.
          const isSent = commits && this.isConcluded;
          const answer = send.apply(this, args);
          const label = current.getStore();
          if (label !== undefined && !isSent) seen(label, sqlOf(args[0]), answer, this);
          return answer;
        };
      };
    this.replace<Method>(
      Conversation.prototype,
      'send',
      watched((first) => (first as { readonly text: string }).text),
    );
    this.replace<Method>(
      Conversation.prototype,
      'commit',
      watched(() => 'commit', true),
    );
  }

  /** Labels everything that a method of this object does from now on, including its asynchronous work. */
  label<Arguments extends unknown[]>(owner: object, method: string, labelOf: (...args: Arguments) => string): void {
    const { current } = this;
    this.replace<(...args: Arguments) => unknown>(owner, method, (original) => {
      return function (this: unknown, ...args: Arguments) {
        return current.run(labelOf(...args), () => original.apply(this, args));
      };
    });
  }

  stop(): void {
    for (const spy of this.spies.toReversed()) spy.mockRestore();
  }

  private replace<Original>(owner: object, method: string, by: (original: Original) => Original): void {
    const methods = owner as Record<string, Method>;
    const replacement = by(methods[method] as unknown as Original) as unknown as Method;
    this.spies.push(vi.spyOn(methods, method).mockImplementation(replacement));
  }
}
