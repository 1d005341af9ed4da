/** How long the object URL is kept for the download to start, in milliseconds. */
const objectUrlLifetimeMs = 60_000;

/** Downloads a file. */
export function download(
  fileName: string,
  content: string | ArrayBuffer,
  type = 'application/json',
): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, objectUrlLifetimeMs);
}
