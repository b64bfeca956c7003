/** The language of the components below. */

import { createContext, use } from 'react';
import { en, type Texts } from './en';

export const TextsContext = createContext<Texts>(en);

export function useTexts(): Texts {
  return use(TextsContext);
}
