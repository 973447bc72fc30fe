import { both } from '../../texts/both';

export const STAFF_ENTRY_TEXTS = both(
  {
    title: 'Staff console',
    sentence: 'For the people who run this platform.',
    goOn: 'Continue',
    startAgain: 'Start again',
    enrolTitle: 'Set up your authenticator',
    enrolText: 'Scan the code with an authenticator app, then enter the six digits that it shows.',
    qr: 'QR code for the authenticator',
    byHand: 'Or enter this key by hand:',
    codesTitle: 'Your recovery codes',
    codesText: 'Each opens your account once, without the authenticator. They are shown only once.',
  },
  {
    title: 'Консоль команды',
    sentence: 'Для тех, кто управляет платформой.',
    goOn: 'Продолжить',
    startAgain: 'Начать заново',
    enrolTitle: 'Подключите приложение с кодами',
    enrolText: 'Отсканируйте код в приложении и введите шесть цифр, которые оно покажет.',
    qr: 'QR-код для приложения',
    byHand: 'Или введите ключ вручную:',
    codesTitle: 'Ваши запасные коды',
    codesText: 'Каждый один раз открывает аккаунт без приложения. Они показаны только сейчас.',
  },
);
