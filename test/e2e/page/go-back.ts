/** Goes back as the person's button does. Self-contained; it is answered before the document is left, which would end the answer. */
export function goBackInPage(): void {
  setTimeout(() => {
    history.back();
  });
}
