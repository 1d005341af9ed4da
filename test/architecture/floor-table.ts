/** What one folder may import; `eslint.config.js` and `floors.test.ts` both hold the sources to it. */
export interface Floor {
  /** Other folders of ours. */
  readonly folders: readonly string[];
  /** Packages from outside. */
  readonly packages: readonly string[];
}

const signals = ['preact', 'preact/hooks', '@preact/signals'];
const pages = {
  folders: ['extension/core', 'extension/wire', 'extension/browser', 'extension/ui'],
  packages: signals,
};

/** Each folder of the product, lowest floor first. Imports go down, and contexts never meet. */
export const floors: Readonly<Record<string, Floor>> = {
  'extension/core': { folders: [], packages: ['valibot'] },

  'extension/wire': { folders: ['extension/core'], packages: ['valibot'] },
  'extension/storage': { folders: ['extension/core'], packages: ['valibot'] },
  'extension/oauth': { folders: ['extension/core'], packages: ['valibot', 'oauth4webapi'] },

  'extension/browser': {
    folders: ['extension/core', 'extension/wire'],
    packages: ['webextension-polyfill'],
  },

  'extension/ui': {
    folders: ['extension/core', 'extension/wire', 'extension/browser'],
    packages: signals,
  },
  'extension/content': {
    folders: ['extension/core', 'extension/wire', 'extension/browser'],
    packages: [],
  },
  popup: pages,
  options: pages,
  background: {
    folders: [
      'extension/core',
      'extension/wire',
      'extension/storage',
      'extension/oauth',
      'extension/browser',
    ],
    packages: ['valibot'],
  },
};
