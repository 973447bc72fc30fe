import { Icon } from './icon';

export interface Picked<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface PickProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Picked<Value>[];
  readonly onPick: (value: Value) => void;
  readonly className?: string;
}

/** A select outside of forms, for example a filter of a list. */
export const Pick = <Value extends string>({ label, value, choices, onPick, className = '' }: PickProps<Value>) => (
  <label className={`field ${className}`}>
    <span className="vh">{label}</span>
    <select
      value={value}
      onChange={({ target }) => {
        const picked = choices.find((one) => one.value === target.value);
        if (picked !== undefined) onPick(picked.value);
      }}
    >
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
    <Icon name="down" />
  </label>
);
