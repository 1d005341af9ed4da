import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  grantedSite,
  type Access,
  type GrantDuration,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { AskView } from '#wire/views.ts';
import { isChosen, toggled, type AccountOf } from '#ui/sites/site-selection.ts';

/** What the person has chosen in the window. */
export interface QuestionAnswer {
  readonly selection: ReadonlySignal<readonly GrantedSite[]>;
  readonly access: ReadonlySignal<Access>;
  readonly duration: ReadonlySignal<GrantDuration>;
  /** The path prefixes that the page may be limited to; undefined when it has no such limit and asks for none. */
  readonly limitingPaths: ReadonlySignal<readonly string[] | undefined>;
  readonly isEveryPath: ReadonlySignal<boolean>;
  readonly chooseSite: (site: GrantedSite) => void;
  readonly chooseAccess: (access: Access) => void;
  readonly chooseDuration: (duration: GrantDuration) => void;
  readonly chooseEveryPath: (isEveryPath: boolean) => void;
}

type Allowed = Extract<RequestOf<'ask.decide'>['decision'], { allow: true }>;

/** The choices, which begin with what the page asks for. */
export function createAnswer(ask: ReadonlySignal<AskView | undefined>): QuestionAnswer & {
  /**
   * To be called before a question is shown. The first one sets the choices, later ones those that are proposed in another way
   * since then, and remove sites that are gone.
   */
  readonly adapt: (asked: AskView) => void;
  readonly allowed: () => Allowed;
} {
  const selection = signal<readonly GrantedSite[]>([]);
  const access = signal<Access>('read');
  const duration = signal<GrantDuration>('always');
  const isEveryPath = signal(true);
  const limitingPaths = computed(() => ask.value?.paths ?? ask.value?.grantedPaths);
  const accountOf: AccountOf = (id) =>
    ask.value?.sites.find(({ sessionId }) => sessionId === id)?.account;

  return {
    selection,
    access,
    duration,
    limitingPaths,
    isEveryPath,
    adapt: (asked) => {
      const before = ask.value;
      const granted = asked.kind === 'access' ? asked.sites.filter((site) => site.isGranted) : [];
      batch(() => {
        selection.value =
          before === undefined
            ? granted.map(grantedSite)
            : selection.value.filter((chosen) => isChosen(asked.sites, chosen));
        // The person may have changed the connection elsewhere.
        if (before?.access !== asked.access) access.value = asked.access;
        if (before?.duration !== asked.duration) duration.value = asked.duration;
        if (before === undefined || before.paths?.join() !== asked.paths?.join())
          isEveryPath.value = asked.paths === undefined;
      });
    },
    chooseSite: (site) => {
      selection.value =
        ask.value?.kind === 'site' ? [site] : toggled(selection.value, site, accountOf);
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
    allowed: () => {
      const sites = [...selection.value];
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
