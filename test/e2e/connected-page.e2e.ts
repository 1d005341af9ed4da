/** What a connected page can do. The subjects share a browser, a session and a connected origin; each passes alone and in any order. */
import { describe } from 'vitest';
import { useConnectedOrigin } from './connected-page/setting.ts';

useConnectedOrigin();

describe('libraries', async () => {
  await import('./connected-page/libraries.ts');
});
describe('recipes', async () => {
  await import('./connected-page/recipes.ts');
});
describe('bodies', async () => {
  await import('./connected-page/bodies.ts');
});
describe('downloads', async () => {
  await import('./connected-page/downloads.ts');
});
describe('page API', async () => {
  await import('./connected-page/page-api.ts');
});
