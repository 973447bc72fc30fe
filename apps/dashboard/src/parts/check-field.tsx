import type { ReactNode } from 'react';
import { type FieldPath, type FieldValues, useFormContext } from 'react-hook-form';

interface CheckFieldProps<Values extends FieldValues> {
  readonly name: FieldPath<Values>;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

/** A checkbox with an explanation below. */
export function CheckField<Values extends FieldValues>({ name, label, hint }: CheckFieldProps<Values>) {
  const { register } = useFormContext<Values>();
  return (
    <label className="chk">
      <input type="checkbox" className="tick" {...register(name)} />
      <span>
        <span className="m">{label}</span>
        {hint !== undefined && (
          <>
            <br />
            <span className="sm dim">{hint}</span>
          </>
        )}
      </span>
    </label>
  );
}
