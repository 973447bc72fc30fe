import { stars } from '#libs/kernel';
import {
  type Language,
  LANGUAGES,
  languageOf,
  normalTemplate,
  OwnTexts,
  Phrasebook,
  PLACES,
  SPEECH,
  TEXT_KEYS,
  templateProblem,
  TEXTS,
  type TextKey,
} from './index.js';
import { fieldsOf } from './template.js';

const everyText = LANGUAGES.flatMap((language) => TEXT_KEYS.map((key): [Language, TextKey] => [language, key]));

describe("the language of a buyer's app", () => {
  it.each([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['RU', 'ru'],
    ['en-GB', 'en'],
    ['de', 'en'],
    ['rue', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [null, 'en'],
  ])('(%j) leads to answers in %s', (code, language) => expect(languageOf(code)).toBe(language));
});

describe('the default texts', () => {
  it.each(everyText)('in %s for %s are valid texts of a creator', (language, key) => {
    expect(templateProblem(SPEECH[language].words[key], TEXTS[key])).toBeUndefined();
    expect(normalTemplate(SPEECH[language].words[key], TEXTS[key])).toBe(SPEECH[language].words[key]);
  });

  it.each(everyText)('in %s for %s use every field', (language, key) => {
    expect(fieldsOf(SPEECH[language].words[key]).toSorted()).toEqual(Object.keys(TEXTS[key].fields).toSorted());
  });

  it('in Russian contain Russian words, with listed exceptions', () => {
    const latin = TEXT_KEYS.filter((key) => !/[а-яё]/i.test(SPEECH.ru.words[key].replaceAll(/\{\w+\}/g, '')));
    expect(latin.toSorted()).toEqual([
      'balance.line',
      'command.paid',
      'help_own',
      'inline.result',
      'media.caption',
      'orders.line',
      'orders.line_credits',
      'product.description',
      'product.title',
      'shop.product',
      'subscription.offer',
      'support.topic',
    ]);
  });
});

describe('numbers and dates', () => {
  const [english, russian] = [new Phrasebook('en'), new Phrasebook('ru')];
  const within = (words: Phrasebook, seconds: number) => words.say('invoice.promise', { within: seconds });

  it.each([
    [60, '1 minute', '1 минуту'],
    [120, '2 minutes', '2 минуты'],
    [300, '5 minutes', '5 минут'],
    [21 * 60, '21 minutes', '21 минуту'],
    [90, '90 seconds', '90 секунд'],
    [7_200, '2 hours', '2 часа'],
    [86_400, '1 day', '1 день'],
    [30 * 86_400, '30 days', '30 дней'],
  ])('%i seconds are %s, %s', (seconds, en, ru) => {
    expect(within(english, seconds)).toBe(`Made for you within ${en} after the payment.`);
    expect(within(russian, seconds)).toBe(`Сделаем для вас за ${ru} после оплаты.`);
  });

  it("are written in the language's own format", () => {
    const price = { title: 'Guide', price: stars(12_500) };
    expect(english.say('shop.product', price)).toBe('Guide – 12,500 ⭐');
    expect(russian.say('shop.product', price)).toBe('Guide – 12\u00a0500 ⭐');
    const until = { count: 3, until: new Date('2026-12-01T23:30:00Z') };
    expect(english.say('balance.until', until)).toBe('3 until 1 Dec 2026');
    expect(russian.say('balance.until', until)).toBe('3 до 1 дек. 2026 г.');
  });
});

describe("a creator's own words", () => {
  const own = new OwnTexts([
    { productId: null, language: 'en', key: 'goods.failed', text: 'Sorry for {title} {title}' },
    { productId: 'p1', language: 'en', key: 'goods.failed', text: 'No {title} today' },
    { productId: null, language: 'en', key: 'a.text.that.was', text: 'Never read' },
  ]);
  const words = (language: Language, productId?: string) => new Phrasebook(language, own, productId);

  it('for a product take precedence over those for the bot, and those over the defaults', () => {
    const title = 'Tea';
    expect(words('en', 'p1').say('goods.failed', { title })).toBe('No Tea today');
    expect(words('en', 'p2').say('goods.failed', { title })).toBe('Sorry for Tea Tea');
    expect(words('en').about('p1').say('goods.failed', { title })).toBe('No Tea today');
    expect(words('ru', 'p1').say('goods.failed', { title })).toMatch(/^Нам очень жаль: «Tea»/);
  });

  it('use values literally', () => {
    expect(words('en').say('goods.failed', { title: '{title} $& $1' })).toBe('Sorry for {title} $& $1 {title} $& $1');
  });

  it.each([
    ['', 'goods.failed', /must have 1 to 4096/],
    ['x'.repeat(201), 'checkout.sold_out', /must have 1 to 200/],
    ['Hello {name}', 'goods.failed', /must not contain \{name\}: it may contain \{title\}/],
    ['Hello {title}', 'checkout.sold_out', /must not contain \{title\}: this text has no placeholders/],
    ['two\nlines', 'shop.open', /line breaks/],
    ['a\u202Eb', 'goods.failed', /direction/],
  ] as const)('%j for %s are refused', (text, key, problem) => {
    expect(templateProblem(normalTemplate(text, TEXTS[key]), TEXTS[key])).toMatch(problem);
  });

  it.each(['Braces {} and { x } and {X} are mere characters', 'Two\r\nlines'])('%j are accepted', (text) => {
    expect(templateProblem(normalTemplate(text, TEXTS['goods.failed']), TEXTS['goods.failed'])).toBeUndefined();
  });
});

describe('the name of a unit of credits', () => {
  const named = (language: Language, forms: Readonly<Record<string, string>>) =>
    Object.entries(forms).map(([form, text]) => ({ productId: null, language, key: `unit.ai_credit.${form}`, text }));
  const own = new OwnTexts([
    ...named('en', { one: 'AI credit', other: 'AI credits' }),
    ...named('ru', { one: 'запрос', few: 'запроса', many: 'запросов' }),
  ]);
  const line = (language: Language, amount: number, unit = 'ai_credit') =>
    new Phrasebook(language, own).say('balance.line', { credits: { amount, unit } });

  it.each([
    [1, '1 AI credit', '1 запрос'],
    [3, '3 AI credits', '3 запроса'],
    [5, '5 AI credits', '5 запросов'],
    [11, '11 AI credits', '11 запросов'],
    [21, '21 AI credits', '21 запрос'],
    [1_500, '1,500 AI credits', '1\u00a0500 запросов'],
  ])('agrees with the number %i: %s, %s', (amount, en, ru) => {
    expect([line('en', amount), line('ru', amount)]).toEqual([en, ru]);
  });

  it.each([
    ['scan', '1 scan', '10 scans'],
    ['ocr_credit', '1 ocr credit', '10 ocr credits'],
    ['tokens', '1 token', '10 tokens'],
    ['query', '1 query', '10 queries'],
    ['day', '1 day', '10 days'],
    ['wish', '1 wish', '10 wishes'],
    ['bonus', '1 bonus', '10 bonuses'],
    ['gpt4', '1 gpt4', '10 gpt4'],
  ])('has a sensible English plural by default: %s', (unit, one, many) => {
    expect([line('en', 1, unit), line('en', 10, unit)]).toEqual([one, many]);
  });

  it('is the unit itself in Russian by default, and "other" replaces a missing form', () => {
    expect(line('ru', 2, 'scan')).toBe('2 scan');
    const sparse = new OwnTexts(named('ru', { other: 'токены' }));
    expect(
      new Phrasebook('ru', sparse).say('use.too_few', {
        price: { amount: 5, unit: 'ai_credit' },
        balance: { amount: 1, unit: 'ai_credit' },
      }),
    ).toBe('Цена: 5 токены. На балансе: 1 токены.');
  });
});

describe('a value that ends with a full stop', () => {
  it('also ends the sentence', () => {
    const until = new Date('2026-12-01T00:00:00Z');
    const russian = new Phrasebook('ru');
    expect(russian.say('access.ends_soon', { chat: 'VIP', until })).toBe(
      'Ваш доступ к «VIP» оплачен до 1 дек. 2026 г.',
    );
    expect(russian.say('subscription.goes_on', { title: 'Pro', until })).toMatch(/ г\.$/);
    expect(russian.say('subscription.begins', { title: 'Pro', until })).toMatch(/2026 г\. Отправьте/);
  });

  it.each(LANGUAGES)('never causes two full stops in %s', (language) => {
    const words = new Phrasebook(language);
    const value = {
      text: 'Acme Inc.',
      stars: stars(1),
      price: stars(1),
      number: 1,
      date: new Date(0),
      time: new Date(0),
    };
    const others = { duration: 60, credits: { amount: 1, unit: 'scan' } };
    const values = { ...value, ...others };
    for (const key of TEXT_KEYS) {
      const given = Object.fromEntries(Object.entries(TEXTS[key].fields).map(([name, kind]) => [name, values[kind]]));
      expect(words.say(key, ...([given] as unknown as []))).not.toContain('..');
    }
  });
});

describe("a product's title in a language", () => {
  const own = new OwnTexts([
    { productId: 'p1', language: 'ru', key: 'product.title', text: 'Чай' },
    { productId: 'p1', language: 'ru', key: 'product.description', text: 'Горячий' },
  ]);
  const words = (language: Language, productId: string) => new Phrasebook(language, own, productId);

  it('appears in every text about it, for readers of that language', () => {
    expect(words('ru', 'p1').say('shop.sold_out', { title: 'Tea' })).toBe('Чай – распродано');
    expect(words('ru', 'p2').say('shop.sold_out', { title: 'Tea' })).toBe('Tea – распродано');
    expect(words('en', 'p1').say('shop.sold_out', { title: 'Tea' })).toBe('Tea – sold out');
    expect([words('ru', 'p1').title('Tea'), words('ru', 'p1').description('Hot')]).toEqual(['Чай', 'Горячий']);
    expect([words('en', 'p1').title('Tea'), words('en', 'p1').description('Hot')]).toEqual(['Tea', 'Hot']);
  });

  it('fits on an invoice', () => {
    expect(templateProblem('x'.repeat(33), TEXTS['product.title'])).toMatch(/1 to 32/);
    expect(templateProblem('x'.repeat(256), TEXTS['product.description'])).toMatch(/1 to 255/);
  });
});

describe('a text that does not fit', () => {
  it('ends with an ellipsis, without splitting a character', () => {
    const answer = new Phrasebook('en').say('support.answer', { answer: '🔑'.repeat(3_000) });
    expect(answer.length).toBeLessThanOrEqual(PLACES.message.max);
    expect(answer.isWellFormed()).toBe(true);
    expect(answer.endsWith('🔑…')).toBe(true);
  });
});
