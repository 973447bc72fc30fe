import { type ComponentProps, type ReactNode, useId } from 'react';
import { type FieldPath, type FieldValues, type RegisterOptions, useFormContext } from 'react-hook-form';
import { Icon } from './icon';

interface FieldProps<Values extends FieldValues> {
  readonly name: FieldPath<Values>;
  readonly label: ReactNode;
  readonly hint?: string;
  /** Maximum number of characters; the field shows how many are used. */
  readonly most?: number;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** Rules that the page checks before it sends the form. */
  readonly rules?: Pick<RegisterOptions<Values>, 'required' | 'maxLength' | 'validate'>;
}

type InputProps<Values extends FieldValues> = FieldProps<Values> &
  Omit<ComponentProps<'input'>, 'name' | keyof FieldProps<Values>> & { readonly whole?: boolean };

/** Connects a field to its form: label, error, and description. */
function useField<Values extends FieldValues>({ name, hint, most }: FieldProps<Values>) {
  const id = useId();
  const form = useFormContext<Values>();
  const { error } = form.getFieldState(name, form.formState);
  const length = most === undefined ? 0 : String(form.watch(name) ?? '').length;
  const described = error !== undefined || hint !== undefined ? `${id}-note` : undefined;
  const own = { id, 'aria-describedby': described, 'aria-invalid': error !== undefined } as const;
  return { id, form, error, own, count: most === undefined ? undefined : `${length}/${most}` };
}

interface FrameProps {
  readonly id: string;
  readonly label: ReactNode;
  readonly count: string | undefined;
  readonly hint: string | undefined;
  readonly error: string | undefined;
  readonly children: ReactNode;
}

const Frame = ({ id, label, count, hint, error, children }: FrameProps) => (
  <div className="f">
    <label htmlFor={id}>
      {label}
      {count !== undefined && <span className="cnt">{count}</span>}
    </label>
    <div className={error === undefined ? 'field' : 'field is-bad'}>{children}</div>
    {error !== undefined ? (
      <p className="err" id={`${id}-note`}>
        <Icon name="alert" />
        {error}
      </p>
    ) : (
      hint !== undefined && (
        <p className="hint" id={`${id}-note`}>
          {hint}
        </p>
      )
    )}
  </div>
);

/** @param whole the value is a whole number, or undefined while the field is empty */
export function TextField<Values extends FieldValues>(props: InputProps<Values>) {
  const { name, label, hint, most: _most, before, after, rules, whole = false, ...input } = props;
  const { id, form, error, own, count } = useField(props);
  const numeric = { setValueAs: (text: unknown) => (text === '' || text === undefined ? undefined : Number(text)) };
  return (
    <Frame id={id} label={label} count={count} hint={hint} error={error?.message}>
      {before}
      <input
        {...input}
        {...own}
        {...(whole ? { inputMode: 'numeric' as const } : {})}
        {...form.register(name, { ...rules, ...(whole ? numeric : {}) } as RegisterOptions<Values, typeof name>)}
      />
      {after}
    </Frame>
  );
}

type AreaProps<Values extends FieldValues> = FieldProps<Values> &
  Omit<ComponentProps<'textarea'>, 'name' | keyof FieldProps<Values>>;

export function TextArea<Values extends FieldValues>(props: AreaProps<Values>) {
  const { name, label, hint, most: _most, rules, before: _before, after: _after, ...area } = props;
  const { id, form, error, own, count } = useField(props);
  return (
    <Frame id={id} label={label} count={count} hint={hint} error={error?.message}>
      <textarea rows={3} {...area} {...own} {...form.register(name, rules as RegisterOptions<Values, typeof name>)} />
    </Frame>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}
type SelectProps<Values extends FieldValues> = FieldProps<Values> & {
  readonly choices: readonly Choice[];
  readonly isNumber?: boolean;
};

/** @param isNumber true if the choices are numbers */
export function SelectField<Values extends FieldValues>(props: SelectProps<Values>) {
  const { id, form, error, own } = useField(props);
  const options = { ...props.rules, valueAsNumber: props.isNumber === true } as RegisterOptions<Values>;
  return (
    <Frame id={id} label={props.label} count={undefined} hint={props.hint} error={error?.message}>
      <select {...own} {...form.register(props.name, options)}>
        {props.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </Frame>
  );
}
