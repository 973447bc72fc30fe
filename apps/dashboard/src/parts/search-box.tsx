import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon';

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** Milliseconds after the last keystroke. */
const PAUSE = 250;

/** Searches while typing, after a pause. */
export function SearchBox({ label, hint, value, onSearch }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // The search was changed elsewhere, not by typing.
    if (timer.current === undefined) setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      onSearch(text.trim());
    }, PAUSE);
  };
  return (
    <label className="field w-full max-w-96">
      <Icon name="search" />
      <span className="vh">{label}</span>
      <input type="search" value={typed} placeholder={hint} onChange={(event) => type(event.target.value)} />
    </label>
  );
}
