export { letterOf } from './letter.js';
export { MailModule } from './mail.module.js';
export { MailStore } from './mail.store.js';
export { Mailer, MailRefused } from './mailer.service.js';
export { MAIL_TABLES } from './tables.js';
