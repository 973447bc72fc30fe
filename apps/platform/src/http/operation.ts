/**
 * `orders_list`: the controller without its suffix, and the method. Clients are generated from these and audit entries
 * contain them, so they must not change.
 */
export function operationId(controller: string, method: string): string {
  const words = (text: string) => text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  return `${words(controller.replace(/Controller$/, ''))}_${words(method)}`;
}
