/** A part of the world that watchers should reload. */
export type Change =
  | { readonly type: 'bots' }
  | { readonly type: 'users' }
  | { readonly type: 'wallet'; readonly userId: number }
  | { readonly type: 'gifts'; readonly userId: number }
  | { readonly type: 'inbox'; readonly userId: number }
  | { readonly type: 'subscriptions'; readonly userId: number }
  | { readonly type: 'chat'; readonly botId: number; readonly userId: number }
  | { readonly type: 'shared_chat'; readonly chatId: number }
  | { readonly type: 'typing'; readonly botId: number; readonly userId: number }
  | {
      readonly type: 'callback_answer';
      readonly botId: number;
      readonly userId: number;
      readonly callbackQueryId: string;
      readonly text: string;
      readonly showAlert: boolean;
      readonly url?: string;
    }
  | { readonly type: 'updates'; readonly botId: number }
  | { readonly type: 'log' }
  | { readonly type: 'clock' }
  | { readonly type: 'reset' };

/** Tells watchers, in order and synchronously. */
export class Changes {
  readonly #watchers = new Set<(change: Change) => void>();

  watch(watcher: (change: Change) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  tell(change: Change): void {
    for (const watcher of this.#watchers) watcher(change);
  }
}
