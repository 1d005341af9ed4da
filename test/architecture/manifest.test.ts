import { describe, expect, it } from 'vitest';
import { packagedText, targets } from '../tools/package-graph.ts';

/** A change of permissions, policy or minimum version shows in the diff of a snapshot, or not at all. */
describe.each(targets)('the manifest of the %s package', (target) => {
  const text = packagedText(target, 'manifest.json');
  const manifest = JSON.parse(text) as Record<string, unknown>;

  it('is what was reviewed', async () => {
    await expect(text).toMatchFileSnapshot(`__snapshots__/manifest.${target}.json`);
  });

  it('lets no page load a file of the package', () => {
    expect(manifest).not.toHaveProperty('web_accessible_resources');
    expect(manifest).not.toHaveProperty('externally_connectable');
    expect(manifest).not.toHaveProperty('content_scripts');
  });
});
