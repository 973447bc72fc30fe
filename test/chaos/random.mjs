/**
 * Random decisions that repeat for the same seed (mulberry32). Every actor has a separate stream, so that actors do not affect each other.
 */
export class Dice {
  #state;

  /** @param {number} seed @param {string} actor */
  constructor(seed, actor) {
    this.#state =
      [...actor].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193), seed ^ 0x811c9dc5) >>> 0;
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability) {
    return this.fraction() < probability;
  }

  below(n) {
    return Math.floor(this.fraction() * n);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  shuffled(list) {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
