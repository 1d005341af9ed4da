import type { Origin } from '#core/values/origin.ts';
import type { GrantEdits } from './grant-form.ts';

/** Keeps texts by name. */
export interface TextArea {
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, text: string) => void;
}

const name = 'connected-pages';

type Kept = Readonly<Partial<Record<Origin, GrantEdits>>>;

/** What was changed and not saved, by connection, as long as the tab is open. */
export function createKeptEdits(area: TextArea): {
  readonly read: (origin: Origin) => GrantEdits | undefined;
  readonly write: (origin: Origin, edits: GrantEdits | undefined) => void;
  readonly hasAny: () => boolean;
} {
  let kept = keptIn(area.read(name));
  return {
    read: (origin) => kept[origin],
    write: (origin, edits) => {
      if (edits === undefined && kept[origin] === undefined) return;
      const { [origin]: _earlier, ...others } = kept;
      kept = edits === undefined ? others : { ...others, [origin]: edits };
      area.write(name, JSON.stringify(kept));
    },
    hasAny: () => Object.keys(kept).length > 0,
  };
}

/** Written by this page alone. */
function keptIn(text: string | undefined): Kept {
  try {
    return Object(JSON.parse(text ?? '{}')) as Kept;
  } catch {
    return {};
  }
}
