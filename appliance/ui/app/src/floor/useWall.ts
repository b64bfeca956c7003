/** Whether the dashboard hangs on a wall: no bar, nothing to click, awake. */

import { useEffect } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { api } from '../session/api';

const WALL = '/dashboard?wall=1';

/** A socket alone does not count as use: without this the sign-in would end. */
const USED_MS = 300_000;

export function useIsWall(): boolean {
  const { pathname } = useLocation();
  const [address] = useSearchParams();
  return pathname === '/dashboard' && address.get('wall') === '1';
}

/** Goes to the wall, over the whole screen where the browser lets it. */
export function useHang(): () => void {
  const navigate = useNavigate();
  return () => {
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
    void navigate(WALL);
  };
}

/** Back to the desk; also whoever leaves the full screen by the browser's own key. */
export function useTakeDown(): () => void {
  const navigate = useNavigate();
  useEffect(() => {
    const left = () => {
      if (document.fullscreenElement === null) void navigate('/dashboard');
    };
    document.addEventListener('fullscreenchange', left);
    return () => document.removeEventListener('fullscreenchange', left);
  }, [navigate]);
  return () => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    void navigate('/dashboard');
  };
}

/** The screen stays on, and its sign-in in use, for as long as the component is there. */
export function useStayAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const hold = async () => {
      if (document.visibilityState !== 'visible') return;
      // Refused on battery, and absent where the page is not secure: then the screen's own
      // settings decide.
      lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    };
    void hold();
    document.addEventListener('visibilitychange', hold);
    const timer = setInterval(() => void api.stats().catch(() => undefined), USED_MS);
    return () => {
      document.removeEventListener('visibilitychange', hold);
      clearInterval(timer);
      void lock?.release();
    };
  }, []);
}
