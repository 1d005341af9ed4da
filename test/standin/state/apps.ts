import { COMMERCIAL_CLOUD, type CloudHosts } from '../facts/hosts.ts';
import { PUBLISHED_OPERATIONS } from '../facts/published-operations.ts';

/** An OAuth 2.0 (3LO) app as the developer console knows it. */
export interface App {
  readonly clientId: string;
  clientSecret: string;
  name: string;
  callbackUrls: string[];
  /** Scopes enabled in the console; asking for another one ends on an error page. */
  enabledScopes: string[];
  /** When set the app is not shared: only this account can consent. */
  ownerAccountId?: string;
}

/** What a test says about an app. */
export interface AppSpec {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callbackUrls: readonly string[];
  readonly name?: string;
  readonly enabledScopes?: readonly string[];
  readonly ownerAccountId?: string;
}

/** The registered apps. */
export interface Apps {
  add(spec: AppSpec): App;
  get(clientId: string): App | undefined;
}

/** The app that is present from the start. */
export const DEMO_APP: AppSpec = {
  clientId: 'demo-client',
  clientSecret: 'demo-secret-0123456789abcdef',
  name: 'Threelo demo',
  callbackUrls: ['https://demo.threelo.test/callback'],
};

/** The app that is present in a cloud from the start: each cloud has a console of its own. */
export function demoAppOf({ name }: CloudHosts): AppSpec {
  if (name === COMMERCIAL_CLOUD.name) return DEMO_APP;
  return { ...DEMO_APP, clientId: `${name}-client`, clientSecret: `${name}-secret-0123456789` };
}

/** Scopes that no published operation needs, and those that one needs. */
const ALL_SCOPES: readonly string[] = [
  'offline_access',
  'read:me',
  'read:account',
  'manage:jira-data-provider',
  'read:servicemanagement-insight-objects',
  'read:confluence-props',
  ...new Set(PUBLISHED_OPERATIONS.flatMap(({ scopes }) => scopes.flat())),
];

/** An empty register. */
export function openApps(): Apps {
  const apps = new Map<string, App>();
  return {
    add: (spec) => {
      const app: App = {
        clientId: spec.clientId,
        clientSecret: spec.clientSecret,
        name: spec.name ?? spec.clientId,
        callbackUrls: [...spec.callbackUrls],
        enabledScopes: [...(spec.enabledScopes ?? ALL_SCOPES)],
        ...(spec.ownerAccountId === undefined ? {} : { ownerAccountId: spec.ownerAccountId }),
      };
      apps.set(app.clientId, app);
      return app;
    },
    get: (clientId) => apps.get(clientId),
  };
}
