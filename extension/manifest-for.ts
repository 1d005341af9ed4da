/** A manifest as data. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The id of the extension in Firefox. The redirect URL that people register is derived from it. */
const geckoId = 'threelo@threelo.dev';
/** The first Firefox version with MAIN-world scripts, `MessageSender.documentId` and optional host permissions. */
const minimumFirefox = '153.0';

/** Firefox's manifest, made from Chrome's: an event page instead of the service worker, a gecko id instead of the key. */
export function firefoxManifest(chrome: Manifest): Manifest {
  const {
    key: _key,
    minimum_chrome_version: _minimum,
    message_serialization: _serialization,
    storage: _storage,
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
        data_collection_permissions: { required: ['authenticationInfo', 'websiteContent'] },
      },
    },
  };
}

/** The released manifest: without the files that the build plugin makes accessible to every site. */
export function releaseManifest(built: Manifest): Manifest {
  const { web_accessible_resources: _resources, ...released } = built;
  return released;
}

/** The manifest for a store: without `key`, which fixes the id of an unpacked build; the stores assign one. */
export function storeManifest(built: Manifest): Manifest {
  const { key: _key, ...stored } = built;
  return stored;
}

/** The manifest for `npm run dev`: hot reload needs a socket to the development server, and inline styles. */
export function developmentManifest(manifest: Manifest): Manifest {
  return {
    ...manifest,
    content_security_policy: { extension_pages: "script-src 'self'; object-src 'none'" },
  };
}
