/** What is looked at: when, and of whom. */

import { Button } from '@agent/ui';
import { X } from 'lucide-react';
import { Day } from '../shell/Day';
import { useAppTexts } from '../texts/Texts';
import { PRESETS } from './period';
import { type Look, type Looked, SITE } from './useTrends';

type Props = Readonly<{ looked: Looked; onLook: Look }>;

export function Looking({ looked, onLook }: Props) {
  const { trends } = useAppTexts();
  const { preset, scope } = looked;
  return (
    <search className="looking print-never">
      <label className="filters__one">
        {trends.period}
        <select
          className="au-field"
          value={preset}
          onChange={(event) => onLook({ period: event.target.value })}
        >
          {PRESETS.map((one) => (
            <option key={one} value={one}>
              {trends.presets[one]}
            </option>
          ))}
        </select>
      </label>
      {preset === 'own' && (
        <>
          <Day name={trends.from} value={looked.from} onChange={(from) => onLook({ from })} />
          <Day name={trends.to} value={looked.to} onChange={(to) => onLook({ to })} />
        </>
      )}
      {scope.by !== 'site' && (
        <Button icon={<X size={16} />} onClick={() => onLook({ scope: SITE })}>
          {trends.only[scope.by](scope.name)}
        </Button>
      )}
    </search>
  );
}
