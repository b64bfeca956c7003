/** Whether this tab is the one that the agent works in; a reload does not change that. */

const KEY = 'appliance.tab';

// Not a lock of the browser's, which only secure pages have.
export function isMine(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function makeMine(): void {
  try {
    sessionStorage.setItem(KEY, 'here');
  } catch {
    // Forbidden in this browser: after a reload the page of calls takes over anew.
  }
}

export function yieldIt(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
