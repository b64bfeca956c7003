/** What the agent can do with the advice that is current. */

import { type Advice, type Call, currentAdvice, type LiveCall, saidIn } from '@agent/ui';

export function useAdvice(live: LiveCall, call: Call, onDraft: (text: string) => void) {
  const current = currentAdvice(call);
  const settled = current?.isFinal && current.suggestion !== '';
  return {
    current,
    earlier: call.advice.filter((advice) => advice.id !== current?.id && advice.isFinal),
    answers: saidIn(call, current?.answers),
    trigger: saidIn(call, current?.trigger),
    use: () => {
      if (!settled) return;
      onDraft(current.suggestion);
      live.judge(current.id, 'used');
    },
    copy: () => {
      if (!settled) return;
      // Refused where the page is not secure; then nothing was copied, and nothing is said.
      void navigator.clipboard
        ?.writeText(current.suggestion)
        .then(() => live.judge(current.id, 'copied'));
    },
    dismiss: (advice: Advice, reason: string) => live.judge(advice.id, 'dismissed', reason),
    stop: () => {
      if (current?.status === 'streaming') live.tell({ type: 'stop', id: current.id });
    },
    ask: (text: string) => live.tell({ type: 'ask', text }),
  };
}
