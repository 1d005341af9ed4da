import type { Origin } from '#core/values/origin.ts';
import { keepObject, keptObject, type TabTexts } from '../tab/tab-texts.ts';
import type { GrantEdits } from './grant-form.ts';

const name = 'connected-pages';

type Kept = Readonly<Partial<Record<Origin, GrantEdits>>>;

/** What was changed and not saved, by connection, as long as the tab is open. */
export function createKeptEdits(texts: TabTexts): {
  readonly read: (origin: Origin) => GrantEdits | undefined;
  readonly write: (origin: Origin, edits: GrantEdits | undefined) => void;
  readonly hasAny: () => boolean;
} {
  // Written by this page alone.
  let kept = keptObject(texts, name) as Kept;
  return {
    read: (origin) => kept[origin],
    write: (origin, edits) => {
      if (edits === undefined && kept[origin] === undefined) return;
      const { [origin]: _earlier, ...others } = kept;
      kept = edits === undefined ? others : { ...others, [origin]: edits };
      keepObject(texts, name, kept);
    },
    hasAny: () => Object.keys(kept).length > 0,
  };
}
