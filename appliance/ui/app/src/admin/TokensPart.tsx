/** What programs sign in with. */

import { Button, localeOf, type NewToken, type TokenRow } from '@agent/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { AddToken } from './AddToken';
import { Once } from './Once';
import { Sure } from './Sure';

type Open =
  | Readonly<{ what: 'add' }>
  | Readonly<{ what: 'revoke'; name: string }>
  | Readonly<{ what: 'made'; name: string; made: NewToken }>;

export function TokensPart() {
  const { tokens: texts } = useAppTexts().access;
  const [open, setOpen] = useState<Open | null>(null);
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: api.tokens });
  const all = tokens.data?.tokens ?? [];
  return (
    <>
      <div className="page__head">
        <p className="au-empty">{texts.intro}</p>
        <Button
          look="primary"
          icon={<KeyRound size={18} />}
          onClick={() => setOpen({ what: 'add' })}
        >
          {texts.add}
        </Button>
      </div>
      {tokens.isError && <Failure error={tokens.error} onRetry={() => tokens.refetch()} />}
      {all.length > 0 && (
        <Table
          label={texts.title}
          columns={[
            { name: texts.name },
            { name: texts.scopes },
            { name: texts.ends },
            { name: texts.made, extra: true },
            { name: texts.by, extra: true },
            { name: texts.revoke },
          ]}
        >
          <tbody>
            {all.map((token) => (
              <Row
                key={token.name}
                token={token}
                onRevoke={() => setOpen({ what: 'revoke', name: token.name })}
              />
            ))}
          </tbody>
        </Table>
      )}
      {tokens.isSuccess && all.length === 0 && <p className="au-card au-empty">{texts.none}</p>}
      {open !== null && <Opened open={open} onOpen={setOpen} />}
    </>
  );
}

type OpenedProps = Readonly<{ open: Open; onOpen: (open: Open | null) => void }>;

function Opened({ open, onOpen }: OpenedProps) {
  const { tokens: texts } = useAppTexts().access;
  const queries = useQueryClient();
  const close = () => onOpen(null);
  const changed = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  if (open.what === 'add') {
    const added = (name: string, made: NewToken) => {
      onOpen({ what: 'made', name, made });
      void changed();
    };
    return <AddToken onAdded={added} onClose={close} />;
  }
  if (open.what === 'revoke') {
    const revoked = async () => {
      await changed();
      close();
    };
    return <Revoke name={open.name} onDone={revoked} onNo={close} />;
  }
  return (
    <Once
      title={texts.secretOf(open.name)}
      label={texts.title}
      secret={open.made.secret}
      next={texts.how}
      onClose={close}
    />
  );
}

type RevokeProps = Readonly<{ name: string; onDone: () => unknown; onNo: () => void }>;

function Revoke({ name, onDone, onNo }: RevokeProps) {
  const { tokens: texts } = useAppTexts().access;
  const revoke = useMutation({ mutationFn: () => api.revokeToken(name), onSuccess: onDone });
  return (
    <Sure
      title={texts.sure(name)}
      text={texts.sureText}
      yes={texts.revoke}
      busy={revoke.isPending}
      error={revoke.error}
      onYes={() => revoke.mutate()}
      onNo={onNo}
    />
  );
}

function Row({ token, onRevoke }: Readonly<{ token: TokenRow; onRevoke: () => void }>) {
  const { tokens: texts } = useAppTexts().access;
  const { language } = usePreferences();
  const day = (moment: string) =>
    new Date(moment).toLocaleDateString(localeOf(language), { dateStyle: 'medium' });
  return (
    <tr>
      <td className="table__name">
        <strong dir="auto">{token.name}</strong>
      </td>
      <td>{token.scopes.map((scope) => texts.scopeTexts[scope]).join('; ')}</td>
      <td>
        {Date.parse(token.expires) > Date.now() ? (
          day(token.expires)
        ) : (
          <span className="au-badge au-badge--bad">{texts.ended}</span>
        )}
      </td>
      <td className={cellOf({ extra: true })}>{day(token.created)}</td>
      <td dir="auto" className={cellOf({ extra: true })}>
        {token.made_by}
      </td>
      <td>
        <Button size="small" aria-label={texts.revokeOf(token.name)} onClick={onRevoke}>
          {texts.revoke}
        </Button>
      </td>
    </tr>
  );
}
