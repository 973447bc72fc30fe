import { useState } from 'react';
import { Stars } from '../../parts/stars';
import { useFormat, useLanguage, useTexts } from '../../texts';
import { HOME_TEXTS } from '../../texts/home';
import { enCount, ruCount } from '../../texts/plural';
import { brickOf, bricks, type Day, starsOf } from './periods';

const HEIGHT = 158;
/** Height of a brick with its joint in pixels. */
const COURSE = 8;
const WIDTH = 100;

interface WallProps {
  readonly days: readonly Day[];
  /** The same number of days right before. */
  readonly before: readonly Day[];
}

/**
 * The sales chart: the days of a month as walls of bricks, with the month before as thin marks. Arrow keys move from
 * day to day.
 */
export function Wall({ days, before }: WallProps) {
  const texts = useTexts(HOME_TEXTS);
  const { number, shortDay } = useFormat();
  const unit = brickOf([...days, ...before]);
  const [at, setAt] = useState(days.length - 1);
  const step = WIDTH / days.length;
  const read = days[at] ?? days.at(-1);
  const move = (by: number) => setAt(Math.max(0, Math.min(days.length - 1, at + by)));
  const top = (stars: number) => HEIGHT - bricks(stars, unit) * COURSE;
  return (
    <div className="wall">
      {read !== undefined && <Reading day={read} />}
      <svg
        className="ch"
        role="img"
        aria-label={texts.chart(number(starsOf(days)))}
        tabIndex={0}
        onKeyDown={({ key }) => key.startsWith('Arrow') && move(key === 'ArrowLeft' ? -1 : 1)}
        onPointerLeave={() => setAt(days.length - 1)}
      >
        <defs>
          <pattern id="bk" width="8" height="8" patternUnits="userSpaceOnUse">
            <rect width="8" height="6" fill="var(--brick)" />
          </pattern>
          <pattern id="bn" width="8" height="8" patternUnits="userSpaceOnUse">
            <rect width="8" height="6" fill="var(--star)" />
          </pattern>
        </defs>
        <line x1="0" x2="100%" y1="160.5" y2="160.5" stroke="var(--line)" />
        {days.map(({ day, stars }, n) => {
          const was = before[n]?.stars ?? 0;
          return (
            <g key={day} onPointerEnter={() => setAt(n)}>
              <rect x={`${n * step}%`} width={`${step}%`} y="0" height={HEIGHT} fill="transparent" />
              <rect
                x={`${n * step + 0.33}%`}
                width={`${step * 0.8}%`}
                y={top(stars)}
                height={HEIGHT - top(stars)}
                fill={n === days.length - 1 ? 'url(#bn)' : 'url(#bk)'}
              />
              {was > 0 && (
                <rect
                  x={`${n * step + 0.07}%`}
                  width={`${step * 0.96}%`}
                  y={top(was) - 2}
                  height="2"
                  fill="var(--brick-hi)"
                />
              )}
            </g>
          );
        })}
      </svg>
      <div className="ax">
        {[0, 7, 14, 21, days.length - 1].map((n) => (
          <span key={n}>{days[n] === undefined ? '' : shortDay(days[n].day)}</span>
        ))}
      </div>
      <div className="row xs dim mt-3 flex-wrap gap-x-5 gap-y-1">
        <span className="lg">
          <i />
          {texts.brickIs(<Stars amount={unit} />)}
        </span>
        <span className="lg">
          <i className="now" />
          {texts.today}
        </span>
        <span className="lg">
          <i className="was" />
          {texts.sameDayBefore}
        </span>
      </div>
    </div>
  );
}

function Reading({ day }: { readonly day: Day }) {
  const texts = useTexts(HOME_TEXTS);
  const { shortDay, number } = useFormat();
  const { language } = useLanguage();
  const orders =
    language === 'en'
      ? enCount(day.orders, 'order')
      : ruCount(day.orders, { one: 'заказ', few: 'заказа', many: 'заказов' });
  return <p className="rd">{texts.soFar(shortDay(day.day), number(day.stars), orders)}</p>;
}
