/** Paths with strokes of 1.5 on a 20 by 20 grid, in the colour of the surrounding text. */
const DRAWN = {
  updown: <path d="m7 8 3-3 3 3M7 12l3 3 3-3" />,
  search: (
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 3.5 3.5" />
    </>
  ),
  home: <path d="M3.5 9 10 3.5 16.5 9v6.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1zM8 16.5v-4.5h4v4.5" />,
  orders: <path d="M5 3h10v14l-2.5-1.5L10 17l-2.5-1.5L5 17zM8 7h4M8 10.5h4" />,
  buyers: (
    <>
      <circle cx="7.5" cy="7" r="2.75" />
      <path d="M2.5 16c.3-2.8 2.2-4.5 5-4.5s4.7 1.7 5 4.5M13 4.5a2.7 2.7 0 0 1 0 5M14.5 11.9c1.7.6 2.8 2 3 4.1" />
    </>
  ),
  products: (
    <>
      <path d="M3.5 3.5h6l7 7-6 6-7-7z" />
      <circle cx="7" cy="7" r="1" />
    </>
  ),
  subs: <path d="M4 9a6 6 0 0 1 10.5-3.5L16 7M16 3.5V7h-3.5M16 11a6 6 0 0 1-10.5 3.5L4 13M4 16.5V13h3.5" />,
  support: (
    <>
      <path d="M3.5 4.5h13v9.5h-7L6 17v-3H3.5z" />
      <path d="M7 8h6M7 10.7h4" />
    </>
  ),
  mail: (
    <>
      <rect x="3" y="5" width="14" height="10.5" rx="1.5" />
      <path d="m3.5 6 6.5 5 6.5-5" />
    </>
  ),
  money: (
    <>
      <path d="M3 6.5v8.5a1.5 1.5 0 0 0 1.5 1.5h12V6.5zM3 6.5A1.5 1.5 0 0 1 4.5 5H14v1.5" />
      <circle cx="13" cy="11.5" r=".8" />
    </>
  ),
  bots: (
    <>
      <rect x="3.5" y="6.5" width="13" height="9.5" rx="2.5" />
      <path d="M10 6.5V4M7.5 10.5v1.5M12.5 10.5v1.5" />
      <circle cx="10" cy="3.3" r=".7" />
    </>
  ),
  promo: (
    <>
      <path d="M3 5.5h14v3a1.5 1.5 0 0 0 0 3v3H3v-3a1.5 1.5 0 0 0 0-3z" />
      <path d="M12 6v1.5M12 9.3v1.5M12 12.6v1.5" />
    </>
  ),
  code: <path d="m7 6-4 4 4 4M13 6l4 4-4 4M11.3 4.5l-2.6 11" />,
  team: (
    <>
      <circle cx="10" cy="10" r="2.3" />
      <path d="M10 3v2.5M10 14.5V17M3 10h2.5M14.5 10H17M5 5l1.8 1.8M13.2 13.2 15 15M15 5l-1.8 1.8M6.8 13.2 5 15" />
    </>
  ),
  pulse: <path d="M2.5 10.5H6l2-5.5 4 10 2-4.5h3.5" />,
  pause: <path d="M7 5v10M13 5v10" />,
  more: <path d="M5 10h.01M10 10h.01M15 10h.01" strokeWidth="2.5" />,
  redo: <path d="M15.5 10a5.5 5.5 0 1 1-1.6-3.9L16 8M16 4v4h-4" />,
  out: <path d="M11 4h5v5M16 4l-7 7M8.5 5H5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-3.5" />,
  wrench: <path d="M16 6.5a4 4 0 0 1-5.3 4.3L6 15.5 4.5 14l4.7-4.7A4 4 0 0 1 13.5 4L11.3 6.2l2.5 2.5z" />,
  menu: <path d="M3.5 6h13M3.5 10h13M3.5 14h13" />,
  down2: <path d="M10 3.5v9M6.5 9 10 12.5 13.5 9M4 16.5h12" />,
  higher: <path d="m6 12 4-4 4 4" />,
  down: <path d="m6 8 4 4 4-4" />,
  link: (
    <path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1" />
  ),
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  x: <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />,
  copy: (
    <>
      <rect x="7" y="7" width="9" height="9" rx="2" />
      <path d="M13 7V5.5A1.5 1.5 0 0 0 11.5 4h-6A1.5 1.5 0 0 0 4 5.5v6A1.5 1.5 0 0 0 5.5 13H7" />
    </>
  ),
  eye: (
    <>
      <path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5z" />
      <circle cx="10" cy="10" r="2.2" />
    </>
  ),
  text: <path d="M4 5h12M4 8.5h12M4 12h12M4 15.5h7" />,
  file: <path d="M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15" />,
  key: (
    <>
      <circle cx="7" cy="13" r="3" />
      <path d="m9.2 10.8 6.3-6.3M13 7l2 2" />
    </>
  ),
  credits: (
    <>
      <ellipse cx="10" cy="6" rx="6" ry="2.5" />
      <path d="M4 6v4c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5V6M4 10v4c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5v-4" />
    </>
  ),
  lock: (
    <>
      <rect x="4.5" y="9" width="11" height="7.5" rx="1.5" />
      <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
    </>
  ),
  slash: (
    <>
      <rect x="3.5" y="3.5" width="13" height="13" rx="3" />
      <path d="m11.5 6.5-3 7" />
    </>
  ),
  report: <path d="M5 3h10v14H5zM8 13v-2M10 13V7M12 13v-4" />,
  image: (
    <>
      <rect x="3" y="4" width="14" height="12" rx="2" />
      <path d="m3.5 14 4-4 3 3 2.5-2.5 3.5 3.5" />
      <circle cx="12.5" cy="7.7" r="1" />
    </>
  ),
  alert: <path d="M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.1" />,
  check: <path d="m4.5 10.5 3.5 3.5 7.5-8" />,
  qr: (
    <path d="M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h2v2M16.5 11.5v2M13.5 16.5h-2v-1M16.5 16.5h-1" />
  ),
  up: <path d="M10 13V4M6.5 7.5 10 4l3.5 3.5M4 16.5h12" />,
  clip: (
    <path d="m15.5 9.5-5.6 5.6a3.5 3.5 0 0 1-5-5l6-6a2.4 2.4 0 0 1 3.4 3.4l-5.9 5.9a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2" />
  ),
  send: <path d="M10 16.5v-13M5 8.5l5-5 5 5" />,
  left: <path d="M12 5.5 7.5 10l4.5 4.5" />,
  undo: <path d="M4 8h8a4 4 0 0 1 0 8H8M7 4.5 3.5 8 7 11.5" />,
  user: (
    <>
      <circle cx="10" cy="7" r="3" />
      <path d="M4 17c.4-3.3 2.7-5 6-5s5.6 1.7 6 5" />
    </>
  ),
  shield: <path d="M10 3 16 5v5c0 3.5-2.5 6-6 7.5C6.5 16 4 13.5 4 10V5z" />,
  box: <path d="M3.5 6.5 10 3l6.5 3.5v7L10 17l-6.5-3.5zM3.5 6.5 10 10l6.5-3.5M10 10v7" />,
};

export type IconName = keyof typeof DRAWN;

/** Purely decorative: the text next to it, or the label of its parent, carries the meaning. */
export const Icon = ({ name, small = false }: { readonly name: IconName; readonly small?: boolean }) => (
  <svg className={small ? 'i i16' : 'i'} viewBox="0 0 20 20" aria-hidden="true">
    {DRAWN[name]}
  </svg>
);
