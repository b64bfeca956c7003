import type { Preview } from '@storybook/react-vite';
import { useEffect } from 'react';
import { de } from '../packages/agent-ui/src/texts/de';
import { en } from '../packages/agent-ui/src/texts/en';
import { TextsContext } from '../packages/agent-ui/src/texts/Texts';
import '../packages/agent-ui/src/styles.css';

const choice = (name: string, items: string[]) => ({
  toolbar: { title: name, items, dynamicTitle: true },
});

const preview: Preview = {
  globalTypes: {
    theme: choice('Theme', ['light', 'dark']),
    language: choice('Language', ['en', 'de']),
    direction: choice('Direction', ['ltr', 'rtl']),
  },
  initialGlobals: { theme: 'light', language: 'en', direction: 'ltr' },
  decorators: [
    (Story, { globals }) => {
      const { theme, language, direction } = globals;
      useEffect(() => {
        document.documentElement.dataset['theme'] = theme;
        document.documentElement.dir = direction;
        document.documentElement.lang = language;
        document.body.style.background = 'var(--au-bg)';
        document.body.style.fontFamily = 'var(--au-font)';
        document.body.style.color = 'var(--au-text)';
      }, [theme, language, direction]);
      return (
        <TextsContext value={language === 'de' ? de : en}>
          <Story />
        </TextsContext>
      );
    },
  ],
};

export default preview;
