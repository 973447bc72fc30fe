export { photoPreview, withPhoto } from './photo.js';
export { upload } from './upload.js';
export { type Downloaded, Telegram } from './telegram.service.js';
export { TelegramModule } from './telegram.module.js';
export { TelegramRefused, TelegramUnreachable } from './telegram-error.js';
export { isForgottenFile, judge, type Verdict } from './verdict.js';
