import type { AlertFacts, LetterOrigin, Letters } from './letter-kinds.js';
import { moment } from './moment.js';

const ROLES = {
  owner: 'владелец',
  admin: 'администратор',
  support: 'поддержка',
  viewer: 'наблюдатель',
};

const ALERTS: Readonly<Record<AlertFacts['alert'], string>> = {
  sales: 'Новая продажа',
  failures: 'Заказ не выдан или товар не купить',
  support: 'Покупатель ждёт ответа',
  warnings: 'Магазину нужно ваше внимание',
};

const heldBack = (held: number) => (held === 0 ? [] : [`Других оповещений такого рода за это время: ${held}.`]);

const origin = ({ network, user_agent }: LetterOrigin) =>
  `Сеть: ${network ?? 'неизвестна'}\nПрограмма: ${user_agent ?? 'неизвестна'}`;
const at = (facts: LetterOrigin) => `${moment(facts.at, 'ru-RU')} UTC`;

export const RUSSIAN_LETTERS: Letters = {
  signature: 'Это письмо отправил Starwall. Отвечать на него не нужно.',
  letters: {
    new_device: (facts, { home }) => ({
      subject: 'В ваш аккаунт вошли с нового устройства',
      paragraphs: [
        `В ваш аккаунт Starwall вошли ${at(facts)}.`,
        origin(facts),
        'Если это были вы, делать ничего не нужно.',
        `Если это были не вы, войдите на ${home} и смените пароль: все остальные сеансы закончатся.`,
      ],
    }),
    reset_password: (facts, { link }) => ({
      subject: 'Задайте новый пароль',
      paragraphs: [
        facts.by === 'staff'
          ? 'Наши сотрудники отправили вам эту ссылку, чтобы вы могли задать новый пароль для аккаунта Starwall.'
          : `Для вашего аккаунта Starwall запросили новый пароль: ${at(facts)}.`,
        'Задайте его на этой странице. Ссылка сработает один раз в течение 30 минут:',
        { link },
        ...(facts.by === 'staff' ? [] : [origin(facts)]),
        'Если вы этого не просили, не обращайте внимания на письмо: пароль останется прежним.',
      ],
    }),
    password_changed: (facts, { home }) => ({
      subject: 'Ваш пароль изменён',
      paragraphs: [
        `Пароль вашего аккаунта Starwall изменён ${at(facts)}. Все остальные сеансы закончились.`,
        origin(facts),
        'Если это были вы, делать ничего не нужно.',
        `Если это были не вы, сразу задайте новый пароль: откройте ${home}/forgot-password.`,
      ],
    }),
    confirm_address: (_, { link }) => ({
      subject: 'Подтвердите адрес почты',
      paragraphs: [
        'Подтвердите, что этот адрес принадлежит вашему аккаунту Starwall. Ссылка действует три дня:',
        { link },
        'Если у вас нет такого аккаунта, не обращайте внимания на письмо.',
      ],
    }),
    change_address: (_, { link }) => ({
      subject: 'Подтвердите новый адрес почты',
      paragraphs: [
        'Подтвердите, что теперь хотите входить в Starwall с этим адресом. Ссылка сработает один раз в течение суток:',
        { link },
        'До этого у аккаунта остаётся прежний адрес. Если вы этого не просили, не обращайте внимания на письмо.',
      ],
    }),
    address_changing: (facts, { link }) => ({
      subject: 'Адрес вашей почты меняют',
      paragraphs: [
        `Для вашего аккаунта Starwall попросили другой адрес почты: ${at(facts)}.`,
        origin(facts),
        'Если это были вы, здесь делать ничего не нужно: откройте письмо, которое мы отправили на новый адрес.',
        'Если это были не вы, оставьте этот адрес и задайте новый пароль. Ссылка сработает один раз в течение семи дней, даже если адрес уже сменили:',
        { link },
      ],
    }),
    alert: ({ alert, workspace, held }, { home, link, said }) => ({
      subject: `${ALERTS[alert]} – ${workspace}`,
      paragraphs: [
        ...said,
        { link },
        ...heldBack(held),
        'Такие письма приходят не чаще раза в час. Отключить их можно на этой странице:',
        { link: `${home}/workspace/alerts` },
      ],
    }),
    invitation: ({ workspace, role }, { link }) => ({
      subject: 'Вас приглашают в рабочее пространство',
      paragraphs: [
        `Вас приглашают в рабочее пространство Starwall «${workspace}». Роль: ${ROLES[role]}.`,
        'Примите приглашение на этой странице. Ссылка сработает один раз в течение семи дней:',
        { link },
        'Если вы не знаете это пространство, не обращайте внимания на письмо.',
      ],
    }),
  },
};
