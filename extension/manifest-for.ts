/** A manifest as data. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Firefox\'s id of the extension; with it the redirect URL that people register is fixed. */
const geckoId = 'threelo@threelo.dev';
/** The first Firefox with MAIN-world scripts, `documentId` of a sender and optional host permissions. */
const minimumFirefox = '153.0';

/** Firefox\'s manifest, from Chrome\'s: an event page for the service worker, a gecko id for the key. */
export function firefoxManifest(chrome: Manifest): Manifest {
  const {
    key: _key,
    minimum_chrome_version: _minimum,
    message_serialization: _serialization,
    background,
    ...common
  } = chrome;
  const { service_worker: script } = background as { service_worker: string };
  return {
    ...common,
    background: { scripts: [script], type: 'module' },
    browser_specific_settings: {
      gecko: {
        id: geckoId,
        strict_min_version: minimumFirefox,
        data_collection_permissions: { required: ['none'] },
      },
    },
  };
}

/** What is released: without what the build plugin would make loadable for every site. */
export function releaseManifest(built: Manifest): Manifest {
  const { web_accessible_resources: _resources, ...released } = built;
  return released;
}

/** What is served while developing: hot reload needs a socket to the dev server, and writes styles inline. */
export function developmentManifest(manifest: Manifest): Manifest {
  return {
    ...manifest,
    content_security_policy: { extension_pages: "script-src 'self'; object-src 'none'" },
  };
}
