/** What an icon says. Each has a form of its own, so that it is told from the others without its colour. */
export type IconState =
  'good' | 'attention' | 'refused' | 'failed' | 'suspended' | 'paused' | 'none';

const outlines: Readonly<Record<IconState, string>> = {
  good: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z',
  attention: 'M8 1.5l7 12.5h-14z',
  refused: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8h-5.4l-3.8-3.8v-5.4z',
  failed: 'M2 2h12v12h-12z',
  suspended: 'M14 9.8A6.3 6.3 0 0 1 6.2 2a6.3 6.3 0 1 0 7.8 7.8z',
  paused: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z',
  none: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z',
};

const signs: Readonly<Record<IconState, string>> = {
  good: 'M5 8.2l2.1 2.1l4-4.4',
  attention: 'M8 6v4M8 11.6v.6',
  refused: 'M5 8h6',
  failed: 'M5.5 5.5l5 5M10.5 5.5l-5 5',
  suspended: '',
  paused: 'M6.3 5.5v5M9.7 5.5v5',
  none: 'M5 8h.1M8 8h.1M11 8h.1',
};

/** A small icon beside the word for a state. Decorative: the word is always shown. */
export function StateIcon({ state }: { readonly state: IconState }) {
  return (
    <svg class={`state-icon state-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={outlines[state]} class="state-outline" />
      <path d={signs[state]} />
    </svg>
  );
}
