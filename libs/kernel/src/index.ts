export { clip, splitText, type TextUnit } from './clip.js';
export { type Clock, DAY, HOUR, MINUTE, SECOND, systemClock, timeOrNull } from './clock.js';
export { CREDIT_UNIT, creditsInWords, isCreditAmount, MAX_CREDIT_DAYS, MAX_CREDITS } from './credits.js';
export { DomainError, type FieldError, NotFound, type Refusal } from './domain-error.js';
export { ID_PREFIXES, type IdKind, idOrNull, idsMadeIn, newUuid, parseId, publicId } from './ids.js';
export { type Moves, mayMove } from './moves.js';
export { type Stars, stars, starsInWords } from './stars.js';
export { Turns } from './turns.js';
export { normalText, type TextRule, textProblem } from './text.js';
