import { both } from './both';

export const WORDS_TEXTS = both(
  {
    title: "The bot's texts",
    text: 'Buyers read English or Russian, as in their Telegram. Choose a text to reword it.',
    back: 'Back to the bot',
    search: 'Search the texts',
    noneTitle: 'No text matches',
    noneText: 'Search for a word in the bot’s texts.',
    own: 'Your words',
    change: 'Change a text',
    placeholders: 'Placeholders:',
    emptyIsUsual: 'Leave the field empty to use the default text, shown in grey.',
    save: 'Save the text',
    open: "Change the bot's texts",
    openText: 'Greetings, receipts, refusals: you can reword every text.',
  },
  {
    title: 'Слова бота',
    text: 'Покупатели читают по-русски или по-английски, как в их Telegram. Выберите текст, чтобы сказать его своими словами.',
    back: 'К боту',
    search: 'Поиск по текстам',
    noneTitle: 'Таких текстов нет',
    noneText: 'Поищите слово, которое говорит бот.',
    own: 'Ваши слова',
    change: 'Изменить текст',
    placeholders: 'Подставляется:',
    emptyIsUsual: 'Пустое поле означает обычные слова: они показаны серым.',
    save: 'Сохранить текст',
    open: 'Изменить слова бота',
    openText: 'Приветствия, чеки, отказы: любой текст может быть вашим.',
  },
);
