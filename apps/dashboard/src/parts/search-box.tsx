import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon';

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** True if the search needs no request, so that it runs at every keystroke. */
  readonly isLocal?: boolean;
  readonly onSearch: (text: string) => void;
}

/** Milliseconds after the last keystroke. */
const PAUSE = 250;

/**
 * Searches while the user types, after a pause, and at once when the field loses the focus: a later search would undo
 * the next click.
 */
export function SearchBox({ label, hint, value, isLocal = false, onSearch }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // The search was changed elsewhere, not by typing.
    if (timer.current === undefined) setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (text: string) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    onSearch(text.trim());
  };
  const leave = () => {
    if (timer.current !== undefined) search(typed);
  };
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(text), isLocal ? 0 : PAUSE);
  };
  return (
    <label className="field w-full max-w-96">
      <Icon name="search" />
      <span className="vh">{label}</span>
      <input
        type="search"
        value={typed}
        placeholder={hint}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
      />
    </label>
  );
}
