import { StarwallProblem } from '#libs/client';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';
import { useProblem } from '../texts/problems/use-problem';
import { Button } from './button';
import { Icon } from './icon';
import { IdChip } from './id-chip';

/** The browsers' error for a request that reached no server. */
const UNREACHED = /fetch|network|load failed/i;

interface Sentences {
  readonly detail: string;
  readonly remedy: string;
  /** The reason in the API's own words. */
  readonly quote?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The sentences about an error: those of its code, or else the API's own message and remedy. */
function useSentences(error: unknown): Sentences {
  const texts = useTexts(COMMON_TEXTS);
  const say = useProblem();
  if (error instanceof StarwallProblem) {
    const { code, detail, remedy, request_id: requestId } = error.problem;
    return { ...say(code, { detail, remedy }), requestId };
  }
  if (error instanceof TypeError && UNREACHED.test(error.message))
    return { detail: texts.offline, remedy: texts.offlineRemedy };
  return { detail: texts.strange, remedy: texts.strangeRemedy };
}

const Quote = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p className="sm" lang="en">
      {text}
    </p>
  );

/** An error next to the failed action: in a form, in a dialog. */
export function ProblemNote({ error }: { readonly error: unknown }) {
  const { request } = useTexts(COMMON_TEXTS);
  const { detail, remedy, quote, requestId } = useSentences(error);
  return (
    <div className="callout bad-c mt-0" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <p className="m">{detail}</p>
        <Quote text={quote} />
        <p className="sm">{remedy}</p>
        {requestId !== undefined && (
          <p className="xs mt-1">
            {request} <IdChip id={requestId} />
          </p>
        )}
      </div>
    </div>
  );
}

/** An error in place of the content. */
export function ProblemPage({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { request, tryAgain } = useTexts(COMMON_TEXTS);
  const { detail, remedy, quote, requestId } = useSentences(error);
  return (
    <div className="empty" role="alert">
      <h2>{detail}</h2>
      <Quote text={quote} />
      <p>{remedy}</p>
      <div className="row">
        {retry !== undefined && (
          <Button icon="redo" onClick={retry}>
            {tryAgain}
          </Button>
        )}
        {requestId !== undefined && (
          <span className="sm dim row">
            {request} <IdChip id={requestId} />
          </span>
        )}
      </div>
    </div>
  );
}
