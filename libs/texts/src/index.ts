export { scopeOf } from './about-products.js';
export { DESK_COMMANDS, type DeskCommand, MENU_COMMANDS, OWN_COMMANDS } from './commands.js';
export { written } from './format.js';
export { LANGUAGES, type Language, languageOf, SPEECH } from './language.js';
export { type OwnText, OwnTexts, Phrasebook, type Values } from './phrasebook.js';
export { normalTemplate, type Place, PLACES, templateProblem, type TextEntry } from './template.js';
export { entryOf, type OwnKey, TEXT_KEYS, TEXTS, type TextKey } from './texts.js';
export { UNIT_KEY } from './units.js';
