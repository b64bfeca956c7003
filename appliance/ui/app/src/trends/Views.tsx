/** Between what goes on and what was. */

import { NavLink } from 'react-router';
import { useAppTexts } from '../texts/Texts';

export function Views() {
  const { trends } = useAppTexts();
  return (
    <nav className="views print-never" aria-label={trends.views}>
      <NavLink className="views__one" to="/dashboard" end>
        {trends.live}
      </NavLink>
      <NavLink className="views__one" to="/dashboard/trends">
        {trends.title}
      </NavLink>
    </nav>
  );
}
