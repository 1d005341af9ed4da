declare module '*?script&iife' {
  /** Path of a self-contained script within the package. */
  const path: string;
  export default path;
}
