import { type ReactNode, useState } from 'react';
import { LinkButton } from '../../parts/button';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { ENTRY_TEXTS } from '../../texts/entry';
import { Door } from '../entry/door';
import { useLinkToken } from './link-token';

interface Sentences {
  readonly title: string;
  readonly sentence: string;
}

interface LinkPageProps<Result> {
  readonly before: Sentences;
  readonly after: (result: Result) => Sentences;
  /** Links for continuing after the link was used. */
  readonly onward?: ReactNode;
  readonly children: (token: string, done: (result: Result) => void) => ReactNode;
}

/** The page behind a link in an email: it uses the link's token, then shows what has changed. */
export function LinkPage<Result>({ before, after, onward, children }: LinkPageProps<Result>) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const { signIn } = useTexts(ENTRY_TEXTS);
  const token = useLinkToken();
  const [result, setResult] = useState<{ readonly is: Result }>();
  if (token === '') return <Door title={texts.noToken} sentence={texts.noTokenText} children={null} />;
  if (result === undefined) {
    return <Door {...before}>{children(token, (is) => setResult({ is }))}</Door>;
  }
  return (
    <Door {...after(result.is)}>
      {onward ?? (
        <LinkButton kind="primary" size="large" className="full" to="/sign-in">
          {signIn}
        </LinkButton>
      )}
    </Door>
  );
}
