/** Which page belongs to which address. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { AgentPage } from './agent/AgentPage';
import { CustomerPage } from './customer/CustomerPage';
import { Broken, NotFound } from './shell/Broken';
import { For, Home } from './shell/For';
import type { PlaceName } from './shell/places';
import { Shell } from './shell/Shell';
import { Texts } from './texts/Texts';

const History = lazy(async () => ({
  default: (await import('./history/HistoryPage')).HistoryPage,
}));
const Replay = lazy(async () => ({ default: (await import('./history/ReplayPage')).ReplayPage }));
const Dashboard = lazy(async () => ({
  default: (await import('./pages/DashboardPage')).DashboardPage,
}));
const Trends = lazy(async () => ({
  default: (await import('./trends/TrendsPage')).TrendsPage,
}));
const Follow = lazy(async () => ({ default: (await import('./floor/FollowPage')).FollowPage }));
const Admin = lazy(async () => ({ default: (await import('./admin/AdminPage')).AdminPage }));
const SoundCheck = lazy(async () => ({
  default: (await import('./pages/SoundCheckPage')).SoundCheckPage,
}));

const at = (place: PlaceName, page: ReactNode) => <For place={place}>{page}</For>;

const router = createBrowserRouter([
  { path: '/customer', element: <CustomerPage />, errorElement: <Broken /> },
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { path: '/', element: <Home /> },
      { path: '/calls', element: at('calls', <AgentPage />) },
      { path: '/calls/history', element: at('history', <History />) },
      { path: '/calls/history/:callId', element: at('history', <Replay />) },
      { path: '/dashboard', element: at('dashboard', <Dashboard />) },
      { path: '/dashboard/trends', element: at('dashboard', <Trends />) },
      { path: '/dashboard/calls/:callId', element: at('dashboard', <Follow />) },
      { path: '/admin', element: at('admin', <Admin part="box" />) },
      { path: '/admin/people', element: at('admin', <Admin part="people" />) },
      { path: '/admin/knowledge', element: at('admin', <Admin part="knowledge" />) },
      { path: '/admin/keeping', element: at('admin', <Admin part="keeping" />) },
      { path: '/admin/tokens', element: at('admin', <Admin part="tokens" />) },
      { path: '/admin/audit', element: at('admin', <Admin part="audit" />) },
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
