// ==UserScript==
// @name   Titles of Jira issues
// @match  https://tool.example/*
// @grant  none
// ==/UserScript==

(async () => {
  if (!window.threelo)
    await new Promise((ready) => addEventListener('threelo:ready', ready, { once: true }));
  // Once: if the person agrees, the connection of this host then covers paths below this one only.
  if (localStorage.getItem('titles-of-issues') === null) {
    await threelo.requestAccess({ access: 'read', paths: ['/rest/api/3/issue/'] });
    localStorage.setItem('titles-of-issues', 'asked');
  }
  for (const element of document.querySelectorAll('[data-issue]')) {
    const response = await threelo.fetch(
      `/rest/api/3/issue/${element.dataset.issue}?fields=summary`,
    );
    if (response.ok) element.append(` ${(await response.json()).fields.summary}`);
  }
})();
