/** The package `threelo`, for pages that use the page API. Built into `dist/page-client/`. */
export type * from '#wire/page-api.ts';
export { connect, type ConnectOptions } from './connect.ts';
export { route, type RoutedFetch, type RouteOptions } from './route.ts';
