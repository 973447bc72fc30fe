import type { FieldError } from '#libs/kernel';
import { InvalidRequest } from './refusals.js';

const MAX_DEPTH = 32;

/**
 * Looks at a parsed body before anything else does: PostgreSQL stores no NUL, half a surrogate pair is no character, and whoever walks
 * through a body that is nested without end runs out of stack.
 * @throws InvalidRequest
 */
export function refuseUnreadable(body: unknown): void {
  const wrong: FieldError[] = [];
  const left: { value: unknown; path: readonly string[] }[] = [{ value: body, path: [] }];
  for (let next = left.pop(); next !== undefined && wrong.length < 50; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') wrong.push(...faultsOf(value, path));
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= MAX_DEPTH)
      throw new InvalidRequest([{ path: '', message: `must not be nested more than ${MAX_DEPTH} levels deep` }]);
    for (const [name, member] of Object.entries(value)) {
      wrong.push(...faultsOf(name, path));
      left.push({ value: member, path: [...path, name] });
    }
  }
  if (wrong.length > 0) throw new InvalidRequest(wrong);
}

function faultsOf(text: string, path: readonly string[]): FieldError[] {
  if (text.includes('\0')) return [{ path: path.join('.'), message: 'must not contain the character NUL' }];
  return text.isWellFormed() ? [] : [{ path: path.join('.'), message: 'must not contain half a surrogate pair' }];
}
