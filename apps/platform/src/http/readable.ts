import type { FieldError } from '#libs/kernel';
import { InvalidRequest } from './refusals.js';

const MAX_DEPTH = 32;
const SHOWN_ERRORS = 50;
/** Names with a special meaning in JavaScript. Their values would be lost silently. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** A list or an object, and the path to it. */
interface Place {
  readonly value: object;
  readonly name: string | number;
  readonly within: Place | undefined;
  readonly depth: number;
}

/**
 * Checks a parsed body before anything else: PostgreSQL does not store NUL, half a surrogate pair is not a character,
 * values under reserved names would be lost, and walking an endlessly nested body would exhaust the stack. Takes time
 * proportional to the size of the body.
 * @throws InvalidRequest
 */
export function refuseUnreadable(body: unknown): void {
  const walk = new Walk();
  walk.look('', body, undefined);
  walk.toTheEnd();
  if (walk.wrong.length > 0) throw new InvalidRequest(walk.wrong);
}

class Walk {
  readonly wrong: FieldError[] = [];
  private readonly left: Place[] = [];

  look(name: string | number, value: unknown, within: Place | undefined): void {
    if (typeof value === 'string') this.note(faultOf(value), within, name);
    if (typeof value !== 'object' || value === null) return;
    const depth = within === undefined ? 0 : within.depth + 1;
    if (depth >= MAX_DEPTH)
      throw new InvalidRequest([{ path: '', message: `must not be nested more than ${MAX_DEPTH} levels deep` }]);
    if (!Array.isArray(value) || value.length > 0) this.left.push({ value, name, within, depth });
  }

  toTheEnd(): void {
    for (let place = this.left.pop(); place !== undefined; place = this.left.pop()) {
      if (this.wrong.length >= SHOWN_ERRORS) return;
      if (Array.isArray(place.value)) this.lookThrough(place.value, place);
      else this.lookInto(place.value, place);
    }
  }

  private lookThrough(list: readonly unknown[], place: Place): void {
    for (let i = 0; i < list.length; i += 1) this.look(i, list[i], place);
  }

  private lookInto(members: object, place: Place): void {
    for (const [name, member] of Object.entries(members)) {
      if (RESERVED.has(name)) this.note(`must not be called ${name}`, place, name);
      else {
        this.note(faultOf(name), place);
        this.look(name, member, place);
      }
    }
  }

  private note(fault: string | undefined, within: Place | undefined, ...names: (string | number)[]): void {
    if (fault !== undefined && this.wrong.length < SHOWN_ERRORS)
      this.wrong.push({ path: pathOf(within, names), message: fault });
  }
}

function faultOf(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character NUL';
  return text.isWellFormed() ? undefined : 'must not contain half a surrogate pair';
}

/** Builds a path, only for errors: a path for every value would multiply the cost by the depth. */
function pathOf(place: Place | undefined, names: readonly (string | number)[]): string {
  const path = [...names];
  for (let at = place; at?.within !== undefined; at = at.within) path.unshift(at.name);
  return path.join('.');
}
