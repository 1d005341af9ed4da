import type { AboutStore } from '../about/about-store.ts';
import type { ActivityStore } from '../activity/activity-store.ts';
import type { PagesStore } from '../pages/pages-store.ts';
import type { SessionsStore } from '../sessions/sessions-store.ts';
import type { ConsoleStore } from '../console/console-store.ts';
import type { WelcomeStore } from '../welcome/welcome-store.ts';
import type { QuotaStore } from './quota-store.ts';
import type { Route } from './route.ts';
import type { SettingsStore } from './settings-store.ts';

/** The stores of the views that show more than the overview. */
interface ViewStores {
  readonly settings: SettingsStore;
  readonly quota: QuotaStore;
  readonly activity: ActivityStore;
  readonly pages: PagesStore;
  readonly sessions: SessionsStore;
  readonly console: ConsoleStore;
  readonly welcome: WelcomeStore;
  readonly about: AboutStore;
}

/** Loads what the view of a route shows beside the overview. */
export interface ViewLoads {
  /** When the person comes to the view. */
  readonly open: (route: Route) => Promise<void>;
  /** When the worker announced a change. */
  readonly reload: (route: Route) => Promise<void>;
}

export function createViewLoads({
  settings,
  quota,
  activity,
  pages,
  sessions,
  console,
  welcome,
  about,
}: ViewStores): ViewLoads {
  return {
    open: async (route) => {
      if (route.view === 'settings') await settings.open();
      if (route.view === 'clients') await quota.load();
      if (route.view === 'activity') await activity.open(route.origin);
      if (route.view === 'connected-pages') await pages.open(route.origin);
      if (route.view === 'sessions') await sessions.open(route.id);
      if (route.view === 'console') await console.open();
      if (route.view === 'about') await about.load();
    },
    reload: async ({ view }) => {
      if (view === 'settings') await settings.load();
      if (view === 'clients') await quota.load();
      if (view === 'activity') await activity.load();
      if (view === 'connected-pages') await pages.load();
      if (view === 'sessions') await sessions.load();
      if (view === 'console') await console.open();
      if (view === 'welcome') await welcome.load();
      if (view === 'about') await about.load();
    },
  };
}
