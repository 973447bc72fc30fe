import type { ProblemTexts } from './problem-texts';
import { RUSSIAN_BOTS } from './russian-bots';
import { RUSSIAN_PEOPLE } from './russian-people';
import { RUSSIAN_SALES } from './russian-sales';

export const RUSSIAN_PROBLEMS: ProblemTexts = { ...RUSSIAN_PEOPLE, ...RUSSIAN_BOTS, ...RUSSIAN_SALES };
