export { letterOf } from './letter.js';
export { type AlertMailText, LETTER_KINDS, type LetterFacts, type LetterOrigin } from './letter-kinds.js';
export type { MailRow } from './mail.entity.js';
export { MailModule } from './mail.module.js';
export { forgetMails } from './mail-retention.rows.js';
export { MailStore, MailUnavailable } from './mail.store.js';
export { Mailer, MailRefused } from './mailer.service.js';
export { MAIL_TABLES } from './tables.js';
