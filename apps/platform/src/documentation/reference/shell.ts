import { Html, html } from './html.js';
import { type Reference, slugOf } from './model.js';

interface Nav {
  readonly reference: Reference;
  /** The part of the address after `/docs/`. */
  readonly current: string;
}

const LOGO = new Html(
  '<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" fill="#151b25"/><path d="M12 4l2.06 4.17 4.6.67-3.33 3.24.78 4.58L12 14.5l-4.11 2.16.78-4.58-3.33-3.24 4.6-.67z" fill="#f6bb3a"/><path d="M3 14.5h5.3v3H3zM9.3 14.5h5.4v3H9.3zM15.7 14.5H21v3h-5.3zM4 18.5h7.5v3h-5A3 3 0 0 1 4 19.5zM12.5 18.5H20v1a3 3 0 0 1-2.5 2h-5z" fill="#8d99aa"/></svg>',
);

/** Renders a complete page around its main part. */
export function shell({ reference, current }: Nav, title: string, main: Html, language: 'en' | 'ru' = 'en'): string {
  return html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="color-scheme" content="light dark"><title>${title} · Starwall API</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/docs/assets/reference.css"><script src="/docs/assets/reference.js"></script></head>
<body><a class="skip" href="#main">Skip to content</a><header class="bar"><button type="button" class="menu" aria-expanded="false" aria-controls="nav">Menu</button><a class="brand" href="/docs">${LOGO}<span>Starwall</span> <span class="api">API</span></a><a class="away" href="/">Dashboard</a><button type="button" class="theme" aria-label="Change between light and dark">◐</button></header>
<nav id="nav" aria-label="Reference"><label class="find"><span class="unseen">Find a route</span><input type="search" placeholder="Find a route" autocomplete="off"></label>${group(
    'Start',
    [
      link('', 'First ten minutes', current),
      link('ru', 'Первые десять минут', current),
      link('errors', 'Errors', current),
      link('webhooks', 'Webhooks', current),
    ],
  )}${group(
    'Routes',
    reference.tags.map(({ name }) => tagIn(reference, name, current)),
  )}<p class="none" hidden>No route is called that.</p><p class="raw"><a href="/docs/openapi.json">openapi.json</a></p></nav>
<main id="main">${main}</main></body></html>`.text;
}

const group = (title: string, items: readonly Html[]): Html => html`<p class="group">${title}</p><ul>${items}</ul>`;

const link = (name: string, title: string, current: string): Html =>
  html`<li><a href="/docs${name === '' ? '' : `/${name}`}"${name === current ? html` aria-current="page"` : undefined}>${title}</a></li>`;

function tagIn({ operations }: Reference, tag: string, current: string): Html {
  const slug = slugOf(tag);
  const routes = operations.filter((one) => one.tag === tag);
  const items = routes.map(
    ({ id, method, path, summary }) =>
      html`<li><a href="/docs/${slug}#${id}" data-words="${`${method} ${path} ${summary}`.toLowerCase()}"><span>${summary}</span> <span class="method ${method.toLowerCase()}">${method === 'DELETE' ? 'DEL' : method}</span></a></li>`,
  );
  return html`<li><details${slug === current ? html` open` : undefined}><summary${slug === current ? html` class="here"` : undefined}>${tag}</summary><ul>${items}</ul></details></li>`;
}
