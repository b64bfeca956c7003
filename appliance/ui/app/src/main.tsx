/** Starts the pages. */

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import '@agent/ui/styles.css';
import './styles/app.css';

// Whoever installs the customers' page must not land on the staff's.
if (location.pathname.startsWith('/customer')) {
  document
    .querySelector('link[rel="manifest"]')
    ?.setAttribute('href', '/assets/customer.webmanifest');
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
