import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { grantedSite, type Access, type GrantDuration } from '#core/grant/page-grant.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { AskView } from '#wire/views.ts';
import type { SelectedSite } from '#ui/sites/site-selection.ts';

/** What the person has chosen in the window beside the sites. */
export interface QuestionAnswer {
  readonly access: ReadonlySignal<Access>;
  readonly duration: ReadonlySignal<GrantDuration>;
  /** The path prefixes that the page may be limited to; undefined when it has no such limit and asks for none. */
  readonly limitingPaths: ReadonlySignal<readonly string[] | undefined>;
  readonly isEveryPath: ReadonlySignal<boolean>;
  readonly chooseAccess: (access: Access) => void;
  readonly chooseDuration: (duration: GrantDuration) => void;
  readonly chooseEveryPath: (isEveryPath: boolean) => void;
}

type Allowed = Extract<RequestOf<'ask.decide'>['decision'], { allow: true }>;

/** The choices, which begin with what the page asks for. */
export function createAnswer(ask: ReadonlySignal<AskView | undefined>): QuestionAnswer & {
  /**
   * To be called before a question is shown. The first one sets the choices, later ones those that are proposed in another way
   * since then.
   */
  readonly adapt: (asked: AskView) => void;
  readonly allowed: (selection: readonly SelectedSite[]) => Allowed;
} {
  const access = signal<Access>('read');
  const duration = signal<GrantDuration>('always');
  const isEveryPath = signal(true);
  const limitingPaths = computed(() => ask.value?.paths ?? ask.value?.grantedPaths);

  return {
    access,
    duration,
    limitingPaths,
    isEveryPath,
    adapt: (asked) => {
      const before = ask.value;
      batch(() => {
        // The person may have changed the connection elsewhere.
        if (before?.access !== asked.access) access.value = asked.access;
        if (before?.duration !== asked.duration) duration.value = asked.duration;
        if (before === undefined || before.paths?.join() !== asked.paths?.join())
          isEveryPath.value = asked.paths === undefined;
      });
    },
    chooseAccess: (chosen) => {
      access.value = chosen;
    },
    chooseDuration: (chosen) => {
      duration.value = chosen;
    },
    chooseEveryPath: (isEvery) => {
      isEveryPath.value = isEvery;
    },
    allowed: (selection) => {
      const sites = selection.map(grantedSite);
      const chosen: Allowed = { allow: true, sites, access: access.value };
      if (ask.value?.kind === 'site') return chosen;
      const paths = isEveryPath.value ? undefined : limitingPaths.value;
      return {
        ...chosen,
        duration: duration.value,
        ...(paths === undefined ? {} : { paths: [...paths] }),
      };
    },
  };
}
