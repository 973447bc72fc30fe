import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  FormProvider,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import { StarwallProblem } from '#libs/client';
import { ProblemNote } from './problem';

interface SavedForm<Values extends FieldValues, Result> {
  readonly form: UseFormReturn<Values>;
  readonly saving: UseMutationResult<Result, unknown, Values>;
}

interface FormOptions<Values extends FieldValues, Result> {
  readonly defaults: DefaultValues<Values>;
  readonly save: (values: Values) => Promise<Result>;
  readonly onSaved?: (result: Result) => unknown;
}

/**
 * A form that is sent to the API. The API's errors about a field are shown at that field, all others above the buttons.
 */
export function useSavedForm<Values extends FieldValues, Result>(
  options: FormOptions<Values, Result>,
): SavedForm<Values, Result> {
  const form = useForm<Values>({ defaultValues: options.defaults });
  const saving = useMutation<Result, unknown, Values>({
    mutationFn: options.save,
    onSuccess: (result) => options.onSaved?.(result),
    onError: (error) => {
      const known = Object.keys(form.getValues());
      for (const { path, message } of fieldErrors(error))
        if (known.includes(rootOf(path))) form.setError(path as FieldPath<Values>, { message: sentence(message) });
    },
  });
  return { form, saving };
}

interface FormProps<Values extends FieldValues, Result> extends SavedForm<Values, Result> {
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Form<Values extends FieldValues, Result>({
  form,
  saving,
  children,
  ...rest
}: FormProps<Values, Result>) {
  const known = Object.keys(form.getValues());
  const besides = fieldErrors(saving.error).filter(({ path }) => !known.includes(rootOf(path)));
  const isSaidAtFields = fieldErrors(saving.error).length > 0 && besides.length === 0;
  return (
    <FormProvider {...form}>
      <form {...rest} noValidate onSubmit={(event) => void form.handleSubmit((values) => saving.mutate(values))(event)}>
        {children}
        {saving.isError && !isSaidAtFields && <ProblemNote error={saving.error} />}
      </form>
    </FormProvider>
  );
}

const fieldErrors = (error: unknown) => (error instanceof StarwallProblem ? (error.problem.errors ?? []) : []);

/** Errors of a nested field appear at the outer field. */
const rootOf = (path: string) => path.split('.')[0] ?? '';

const sentence = (message: string) => `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.');
