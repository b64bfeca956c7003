/** Which page belongs to which address. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { AgentPage } from './agent/AgentPage';
import { CustomerPage } from './customer/CustomerPage';
import { Broken, NotFound } from './shell/Broken';
import { Shell } from './shell/Shell';
import { Texts } from './texts/Texts';

const History = lazy(async () => ({
  default: (await import('./history/HistoryPage')).HistoryPage,
}));
const Replay = lazy(async () => ({ default: (await import('./history/ReplayPage')).ReplayPage }));
const Dashboard = lazy(async () => ({
  default: (await import('./pages/DashboardPage')).DashboardPage,
}));
const Admin = lazy(async () => ({ default: (await import('./pages/AdminPage')).AdminPage }));
const SoundCheck = lazy(async () => ({
  default: (await import('./pages/SoundCheckPage')).SoundCheckPage,
}));

const router = createBrowserRouter([
  { path: '/', element: <Navigate to="/calls" replace /> },
  { path: '/customer', element: <CustomerPage />, errorElement: <Broken /> },
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { path: '/calls', element: <AgentPage /> },
      { path: '/calls/history', element: <History /> },
      { path: '/calls/history/:callId', element: <Replay /> },
      { path: '/dashboard', element: <Dashboard /> },
      { path: '/admin', element: <Admin /> },
      { path: '/sound-check', element: <SoundCheck /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]);

// The box is there whatever the browser thinks of the network: by default a question would
// wait in silence until the browser is "online" again.
const networkMode = 'always';

// A refusal of the box is an answer; only silence is worth asking again.
const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode, retry: 1, refetchOnWindowFocus: true },
    mutations: { networkMode },
  },
});

export function App() {
  return (
    <Texts>
      <QueryClientProvider client={queries}>
        <Suspense>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </Texts>
  );
}
