/* global threelo, window, location, URL */
const pageFetch = window.fetch;

window.fetch = (input, init) => {
  const { origin } = new URL(input.url ?? input, location.href);
  const isSite = origin === 'https://acme.atlassian.net';
  return isSite ? threelo.fetch(input, init) : pageFetch(input, init);
};
