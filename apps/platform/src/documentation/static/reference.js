// The theme and the language of examples are this browser's; before the first paint, so that nothing jumps.
const root = document.documentElement;
const kept = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing shows the usual.
  }
};
const theme = kept('starwall.theme');
if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;

const LIVE = 'sw_live_';
const TEST = 'sw_test_';
const KEY = 'starwall.test-key';

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function speak(language) {
  for (const button of all('[data-language]'))
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  for (const sample of all('[data-sample]')) sample.hidden = sample.dataset.sample !== language;
}

function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const isFound = (text) => wanted.every((word) => text.includes(word));
  let count = 0;
  for (const details of all('nav details')) {
    const name = details.querySelector('summary').textContent.toLowerCase();
    let here = 0;
    for (const link of all('[data-words]', details)) {
      const shows = wanted.length === 0 || isFound(`${link.dataset.words} ${name}`);
      link.parentElement.hidden = !shows;
      if (shows) here += 1;
    }
    details.parentElement.hidden = here === 0;
    if (wanted.length > 0) details.open = here > 0;
    count += here;
  }
  document.querySelector('nav .none').hidden = count > 0;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.closest('.code').querySelector('code').textContent);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

/** Sends the request and shows the response, as text only. A key for real Stars can only read, and is not stored. */
async function send(form) {
  const result = form.querySelector('.result');
  const say = (text, isBad) => {
    result.replaceChildren();
    const shown = document.createElement('pre');
    shown.tabIndex = 0;
    shown.textContent = text;
    shown.className = isBad ? 'bad' : '';
    result.append(shown);
  };
  const data = new FormData(form);
  const key = form.elements.key.value.trim();
  const { method, path } = form.dataset;
  if (key.startsWith(LIVE) && method !== 'GET')
    return say(
      'This key is for real Stars, so this page only reads with it. Use a key that begins with sw_test_.',
      true,
    );
  if (key.startsWith(TEST)) sessionStorage.setItem(KEY, key);
  let url = path;
  const query = new URLSearchParams();
  for (const [name, value] of data) {
    const [place, field] = name.split(':');
    if (place === 'path') url = url.replace(`{${field}}`, encodeURIComponent(value));
    if (place === 'query' && value !== '') query.append(field, value);
  }
  const headers = { authorization: `Bearer ${key}` };
  const body = data.get('body') ?? undefined;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if ('keyed' in form.dataset) headers['idempotency-key'] = crypto.randomUUID();
  const button = form.querySelector('.send');
  button.disabled = true;
  try {
    const begun = performance.now();
    const answer = await fetch(query.size === 0 ? url : `${url}?${query}`, {
      method,
      headers,
      body,
      credentials: 'omit',
    });
    const type = answer.headers.get('content-type') ?? '';
    const text = /json|text/.test(type) ? await answer.text() : `${type}, ${(await answer.blob()).size} bytes`;
    const took = Math.round(performance.now() - begun);
    say(`${answer.status} in ${took} ms · ${answer.headers.get('request-id') ?? ''}\n\n${pretty(text)}`, !answer.ok);
  } catch {
    say('The platform did not respond. Check your connection and send it again.', true);
  } finally {
    button.disabled = false;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function showMenu(isOpen) {
  root.classList.toggle('menu-open', isOpen);
  document.querySelector('.menu').setAttribute('aria-expanded', String(isOpen));
}

document.addEventListener('DOMContentLoaded', () => {
  speak(kept('starwall.samples') === 'typescript' ? 'typescript' : 'curl');
  const key = sessionStorage.getItem(KEY);
  if (key !== null) for (const input of all('input[name=key]')) input.value = key;
  const current = document.querySelector('nav details[open]');
  current?.scrollIntoView({ block: 'center' });

  document.addEventListener('click', (event) => {
    const { target } = event;
    const language = target.closest('[data-language]');
    if (language !== null) {
      const before = language.getBoundingClientRect().top;
      speak(language.dataset.language);
      scrollBy(0, language.getBoundingClientRect().top - before);
      keep('starwall.samples', language.dataset.language);
    } else if (target.closest('.copy') !== null) void copy(target.closest('.copy'));
    else if (target.closest('.menu') !== null) showMenu(!root.classList.contains('menu-open'));
    else if (target.closest('.theme') !== null) {
      const isDark =
        getComputedStyle(root).colorScheme === 'dark' ||
        (root.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
      root.dataset.theme = isDark ? 'light' : 'dark';
      keep('starwall.theme', root.dataset.theme);
    } else if (target.closest('nav a') !== null) showMenu(false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') showMenu(false);
    if (event.key !== '/' || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    showMenu(true);
    document.querySelector('nav input').focus();
  });
  document.querySelector('nav input').addEventListener('input', (event) => find(event.target.value));
  document.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(event.target);
  });
});
