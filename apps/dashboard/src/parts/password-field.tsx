import { useState } from 'react';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { TextField } from './field';
import { IconButton } from './button';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

interface PasswordFieldProps<Values extends FieldValues> {
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly hint?: string;
}

export function PasswordField<Values extends FieldValues>(props: PasswordFieldProps<Values>) {
  const texts = useTexts(COMMON_TEXTS);
  const [shown, setShown] = useState(false);
  return (
    <TextField<Values>
      {...props}
      type={shown ? 'text' : 'password'}
      after={
        <IconButton
          kind="quiet"
          icon="eye"
          className="-mr-2"
          aria-pressed={shown}
          label={shown ? texts.hidePassword : texts.showPassword}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
