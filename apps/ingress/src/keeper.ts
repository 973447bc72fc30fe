import { type Bell, Doorbell } from '#libs/journal';

/** Messages from an ingress to the process that started it. */
export type IngressMessage = 'listening' | { readonly ring: Bell };

/** The process that started this one with an IPC channel, as `npm start` does. */
export class Keeper extends Doorbell {
  /** @returns undefined when this process was not started that way */
  static ofThisProcess(): Keeper | undefined {
    return process.send === undefined ? undefined : new Keeper();
  }

  ring(bell: Bell): void {
    this.tell({ ring: bell });
  }

  listen(): () => void {
    throw new Error('The ingress has no work for which a bell could wake it.');
  }

  isListening(): void {
    this.tell('listening');
  }

  /** @param then is called once the keeper has ended, for any reason */
  whenGone(then: () => void): void {
    process.once('disconnect', then);
  }

  // A keeper that is ending receives nothing; its successor polls for work.
  private tell(message: IngressMessage): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }
}
