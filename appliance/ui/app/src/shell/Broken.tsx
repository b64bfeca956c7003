/** When a page fails, or does not exist. */

import { Button } from '@agent/ui';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Refusal, Unreachable } from '../session/api';
import { useAppTexts } from '../texts/Texts';

export function Broken() {
  const { failed } = useAppTexts();
  return (
    <main className="broken">
      <h1>{failed.unknown}</h1>
      <p>{failed.unknownFix}</p>
      <Button look="primary" onClick={() => location.reload()}>
        {failed.reload}
      </Button>
    </main>
  );
}

export function NotFound() {
  const { failed } = useAppTexts();
  return (
    <div className="broken">
      <h1>{failed.notFound}</h1>
      <Link className="au-button au-button--primary" to="/">
        {failed.home}
      </Link>
    </div>
  );
}

/** What is wrong, and what to do about it. */
export function Notice({
  problem,
  fix,
  children,
}: Readonly<{ problem: string; fix: string; children?: ReactNode }>) {
  return (
    <div className="notice notice--bad" role="alert">
      <div>
        <strong>{problem}</strong> {fix}
      </div>
      {children}
    </div>
  );
}

/** What went wrong with a question to the box, and what to do about it. */
export function Failure({ error, onRetry }: Readonly<{ error: unknown; onRetry?: () => void }>) {
  const { failed } = useAppTexts();
  const [problem, fix] = explain(error, failed);
  return (
    <Notice problem={problem} fix={fix}>
      {onRetry && <Button onClick={onRetry}>{failed.again}</Button>}
    </Notice>
  );
}

function explain(
  error: unknown,
  failed: ReturnType<typeof useAppTexts>['failed'],
): readonly [string, string] {
  if (error instanceof Refusal) return [error.problem, error.fix];
  if (error instanceof Unreachable) return [failed.offline, failed.offlineFix];
  return [failed.unknown, failed.unknownFix];
}
