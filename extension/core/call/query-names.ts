import { encodedForms } from './encoded-forms.ts';

/** Names that override the method: `_method`, `httpMethod`, `X-HTTP-Method-Override` and the like. */
const overridesMethod =
  /^-?(?:x-?)?(?:http-?)?method-?override(?:-|$)|^(?:-|-?x-?|-?(?:x-?)?http-?)method(?:-|$)/u;
/** Names by which Data Center signs in as another user, or redirects. */
const signsIn = /^-?os-?(?:username|password|cookie|authtype|destination)(?:-|$)/u;

/** `&` and `;`, also in full width. */
const separator = /[&;]|%EF%BC%(?:86|9B)/iu;

/**
 * Whether a query has a member that changes the method or the user of the request. Servers read names differently: they
 * decode again, end them at a NUL or a bracket, drop controls, take `;` for `&` and other characters for `_`.
 */
export function hasForbiddenName(search: string): boolean {
  return search
    .replace(/^\?/u, '')
    .split(separator)
    .some((member) => isForbidden(member.split('=', 1).join('').replaceAll('+', ' ')));
}

function isForbidden(name: string): boolean {
  const forms = encodedForms(name);
  // A name that is encoded so often could mean anything.
  if (forms === undefined) return true;
  return forms
    .flatMap((form) => [form, form.replaceAll(/\p{C}/gu, '')])
    .flatMap((form) => form.toLowerCase().split(/[&;=]/u))
    .map((part) => part.replaceAll(/[^a-z\d]+/gu, '-'))
    .some((part) => overridesMethod.test(part) || signsIn.test(part));
}
