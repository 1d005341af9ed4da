import { describe, expect, it } from 'vitest';
import source from '../../manifest.json' with { type: 'json' };
import project from '../../package.json' with { type: 'json' };
import { packagedText, targets } from '../tools/package-graph.ts';

/** A change of permissions, policy or minimum version shows in the diff of a snapshot, or not at all. */
describe.each(targets)('the manifest of the %s package', (target) => {
  const text = packagedText(target, 'manifest.json');
  const manifest = JSON.parse(text) as Record<string, unknown>;

  it('is what was reviewed', async () => {
    await expect(text).toMatchFileSnapshot(`__snapshots__/manifest.${target}.json`);
  });

  it('has the version of package.json, which says it alone, in the form that stores take', () => {
    expect(source).not.toHaveProperty('version');
    expect(manifest['version']).toBe(project.version);
    expect(project.version).toMatch(/^(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){2}$/u);
  });

  it('lets no page load a file of the package', () => {
    expect(manifest).not.toHaveProperty('web_accessible_resources');
    expect(manifest).not.toHaveProperty('externally_connectable');
    expect(manifest).not.toHaveProperty('content_scripts');
  });
});
