import { type Bell, Doorbell } from '#libs/journal';

/** What an ingress tells the process that keeps it. */
export type IngressMessage = 'listening' | { readonly ring: Bell };

/** The process that started this one with a channel, as `npm start` does. */
export class Keeper extends Doorbell {
  /** @returns undefined when nobody keeps this process */
  static ofThisProcess(): Keeper | undefined {
    return process.send === undefined ? undefined : new Keeper();
  }

  ring(bell: Bell): void {
    this.tell({ ring: bell });
  }

  listen(): () => void {
    throw new Error('The ingress works on nothing that it could be woken for.');
  }

  isListening(): void {
    this.tell('listening');
  }

  /** @param then is called once the keeper is gone, however it ended */
  whenGone(then: () => void): void {
    process.once('disconnect', then);
  }

  // A keeper that is just ending hears nothing; whoever takes its place looks for work by itself.
  private tell(message: IngressMessage): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }
}
