import { COMMERCIAL_CLOUD, type CloudHosts } from '../facts/hosts.ts';

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

/** The classic scopes of the 3LO scope pages, and the granular ones the stand-in's endpoints know. */
const ALL_SCOPES: readonly string[] = [
  'offline_access',
  'read:me',
  'read:account',
  'read:jira-user',
  'read:jira-work',
  'write:jira-work',
  'manage:jira-project',
  'manage:jira-configuration',
  'manage:jira-webhook',
  'read:servicedesk-request',
  'write:servicedesk-request',
  'read:confluence-space.summary',
  'write:confluence-space',
  'read:confluence-props',
  'write:confluence-props',
  'read:confluence-content.all',
  'read:confluence-content.summary',
  'read:confluence-content.permission',
  'write:confluence-content',
  'write:confluence-file',
  'search:confluence',
  'read:confluence-user',
  'read:confluence-groups',
  'readonly:content.attachment:confluence',
  'read:user:jira',
  'read:group:jira',
  'read:avatar:jira',
  'read:application-role:jira',
  'read:project:jira',
  'read:issue-details:jira',
  'read:issue:jira',
  'read:attachment:jira',
  'write:issue:jira',
  'write:attachment:jira',
  'read:space:confluence',
  'read:page:confluence',
  'read:content-details:confluence',
  'read:user:confluence',
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
