import { type FieldPath, type FieldValues, useFormContext } from 'react-hook-form';
import { useFormat } from '../texts';
import { SelectField } from './field';

interface DurationFieldProps<Values extends FieldValues> {
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: string;
  /** Choices in seconds. The current value is added to them. */
  readonly choices: readonly number[];
  /** The meaning of 0 seconds. */
  readonly none?: string;
}

/** A duration in seconds, chosen by common names. */
export function DurationField<Values extends FieldValues>(props: DurationFieldProps<Values>) {
  const { name, label, hint, choices, none } = props;
  const { duration } = useFormat();
  const { getValues } = useFormContext<Values>();
  const set = Number(getValues(name));
  const seconds = [...new Set([...choices, set])].toSorted((a, b) => a - b);
  const nameOf = (one: number) => (one === 0 && none !== undefined ? none : duration(one));
  return (
    <SelectField<Values>
      name={name}
      label={label}
      {...(hint === undefined ? {} : { hint })}
      choices={seconds.map((one) => ({ value: String(one), label: nameOf(one) }))}
      isNumber
    />
  );
}
