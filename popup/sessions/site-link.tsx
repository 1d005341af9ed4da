import type { ComponentChildren } from 'preact';
import { siteName } from '#ui/notices/site-label.tsx';
import type { SiteView } from '#wire/views.ts';

/** A link that opens a site; only its text where the provider's address is none of the web. */
export function SiteLink({ site, children }: { site: SiteView; children: ComponentChildren }) {
  if (!/^https?:/iu.test(site.url)) return <span>{children}</span>;
  return (
    <a href={site.url} target="_blank" rel="noreferrer" title={siteName(site)}>
      {children}
    </a>
  );
}
