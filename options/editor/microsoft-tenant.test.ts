import { describe, expect, test } from 'vitest';
import { profileOf } from '#core/provider/provider-profile.ts';
import { anyTenant, tenantOf, withTenant } from './microsoft-tenant.ts';

describe('the tenant of Microsoft endpoints', () => {
  const { authorizationEndpoint, tokenEndpoint } = profileOf('microsoft');
  const preset = { authorizationEndpoint, tokenEndpoint };

  test('is read from both endpoints and written into both', () => {
    expect(tenantOf(preset)).toBe(anyTenant);
    const ours = withTenant(preset, ' contoso.example ');
    expect(ours.authorizationEndpoint).toBe(
      'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize',
    );
    expect(tenantOf(ours)).toBe('contoso.example');
    expect(withTenant(ours, '')).toEqual(preset);
  });

  test('is one path segment, whatever is typed', () => {
    expect(withTenant(preset, 'a/b?c').tokenEndpoint).toBe(
      'https://login.microsoftonline.com/abc/oauth2/v2.0/token',
    );
  });

  test.each([
    { ...preset, tokenEndpoint: 'https://login.microsoftonline.us/other/oauth2/v2.0/token' },
    { ...preset, tokenEndpoint: 'https://login.microsoftonline.com/token' },
  ])('is unknown for %j', (endpoints) => {
    expect(tenantOf(endpoints)).toBeUndefined();
  });
});
